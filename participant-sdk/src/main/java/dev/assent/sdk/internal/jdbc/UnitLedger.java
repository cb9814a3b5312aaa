package dev.assent.sdk.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The units of work of one branch, on its one physical connection. Earlier units must stand when a later one is undone,
 * so a unit starts with a savepoint, unless nothing came before it. Savepoints form a stack, units of several handles do
 * not: one that was overlapped by changes of another cannot be undone singly. Guarded by the branch's lock.
 */
final class UnitLedger {
    private final Connection physical;
    private final UndoAll undoAll;
    private final List<UnitOfWork> open = new ArrayList<>();
    private boolean somethingStands;
    private long starts;

    /** Undoes all work of the branch and leaves it open. */
    @FunctionalInterface
    interface UndoAll {
        void run() throws SQLException;
    }

    UnitLedger(Connection physical, UndoAll undoAll) {
        this.physical = physical;
        this.undoAll = undoAll;
    }

    /** Before a statement of the unit: marks the place to go back to. */
    void start(UnitOfWork unit) throws SQLException {
        if (!unit.needsStart) {
            return;
        }
        boolean isFirst = !somethingStands && open.stream().allMatch(other -> other == unit || other.needsStart);
        unit.savepoint = isFirst ? null : physical.setSavepoint();
        unit.startedAs = ++starts;
        unit.needsStart = false;
        if (!open.contains(unit)) {
            open.add(unit);
        }
    }

    /** An autocommit statement: it is undone by the database itself if it fails, so nothing has to be marked. */
    void stands() {
        somethingStands = true;
    }

    /** A statement that is no query ran, in this unit or, if it was autocommitted, in none that is open. */
    void changed(UnitOfWork by) {
        by.changedSomething = true;
        for (UnitOfWork other : open) {
            if (other != by && !other.needsStart) {
                other.isOverlapped = true;
            }
        }
    }

    /** The unit stands: it becomes durable with the branch. */
    void commit(UnitOfWork unit) throws SQLException {
        open.remove(unit);
        if (unit.needsStart) {
            return;
        }
        somethingStands = true;
        // Releasing a savepoint releases later ones with it in some databases, so only when there are none.
        if (unit.savepoint != null && open.isEmpty()) {
            physical.releaseSavepoint(unit.savepoint);
        }
    }

    /** Undoes the unit; false if it cannot be undone without the work of others, and nothing was undone. */
    boolean undo(UnitOfWork unit) throws SQLException {
        open.remove(unit);
        if (unit.needsStart) {
            return true;
        }
        if (unit.isOverlapped) {
            somethingStands = true;
            return false;
        }
        if (unit.savepoint == null) {
            undoAll.run();
        } else {
            physical.rollback(unit.savepoint);
        }
        for (UnitOfWork other : open) {
            // Its savepoint went with ours. It changed nothing yet, or ours would have been overlapped.
            if (other.startedAs > unit.startedAs) {
                other.needsStart = true;
            }
        }
        return true;
    }

    /** The application went back to a savepoint inside its unit: later marks of others that changed nothing are gone. */
    void wentBackWithin(UnitOfWork unit) {
        for (UnitOfWork other : open) {
            if (other != unit && !other.changedSomething) {
                other.needsStart = true;
            }
        }
    }

    /** All work is gone by the database's own doing. */
    void allLost() {
        somethingStands = false;
        open.forEach(unit -> unit.needsStart = true);
    }

    /** Whether a handle holds changes that it neither committed nor gave up. */
    boolean hasUnfinishedChanges() {
        return open.stream().anyMatch(unit -> unit.changedSomething);
    }
}
