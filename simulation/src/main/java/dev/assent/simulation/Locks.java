package dev.assent.simulation;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The row locks of one database; who waits too long gives up, which also ends every deadlock. */
final class Locks {
    private static final class Wait {
        final LocalTransaction work;
        final Consumer<Boolean> then;
        boolean isOver;

        Wait(LocalTransaction work, Consumer<Boolean> then) {
            this.work = work;
            this.then = then;
        }
    }

    private static final class Row {
        @Nullable
        LocalTransaction holder;

        final ArrayDeque<Wait> waits = new ArrayDeque<>();
    }

    private final World world;
    private final Map<Integer, Row> rows = new HashMap<>();
    private int held;

    Locks(World world) {
        this.world = world;
    }

    /** Calls back when the row is locked, or with false if it cannot be. */
    void lock(int number, LocalTransaction work, Consumer<Boolean> then) {
        if (!work.isActive()) {
            then.accept(false);
            return;
        }
        Row row = rows.computeIfAbsent(number, unused -> new Row());
        if (row.holder == null) {
            row.holder = work;
            held++;
            work.rows.add(number);
            then.accept(true);
        } else if (row.holder == work) {
            then.accept(true);
        } else {
            Wait wait = new Wait(work, then);
            row.waits.add(wait);
            world.after(world.parameters.lockWaitNanos(), world.outside, () -> giveUp(row, wait));
        }
    }

    private void giveUp(Row row, Wait wait) {
        if (!wait.isOver) {
            wait.isOver = true;
            row.waits.remove(wait);
            world.marks.sometimes(Mark.LOCK_WAIT_TIMED_OUT);
            wait.then.accept(false);
        }
    }

    void release(LocalTransaction work) {
        for (int number : work.rows) {
            Row row = rows.get(number);
            if (row != null && row.holder == work) {
                row.holder = null;
                held--;
                next(number, row);
            }
        }
        // Its own waits end when their time comes, or are cancelled by the one who wanted them.
    }

    /** A commit was taken back: its rows are locked as they were. Nobody else can hold one, or the commit was not the last. */
    void lockAgain(LocalTransaction work) {
        for (int number : work.rows) {
            Row row = rows.computeIfAbsent(number, unused -> new Row());
            if (row.holder != null) {
                throw new AssertionError("row " + number + " is held by " + row.holder + ", not by " + work);
            }
            row.holder = work;
            held++;
        }
    }

    private void next(int number, Row row) {
        while (row.holder == null && !row.waits.isEmpty()) {
            Wait wait = row.waits.remove();
            if (wait.isOver) {
                continue;
            }
            wait.isOver = true;
            if (wait.work.isActive()) {
                row.holder = wait.work;
                held++;
                wait.work.rows.add(number);
                wait.then.accept(true);
            } else {
                wait.then.accept(false);
            }
        }
    }

    boolean isFree() {
        return held == 0;
    }
}
