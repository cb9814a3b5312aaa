package dev.assent.protocol.branch;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The units of work of one branch, on its one local transaction: which of them can be undone without the rest, and how.
 *
 * <p>A unit is what a connection does between two commits, or all that an attempt does in the branch. Units of a branch may
 * lie inside each other (a connection's inside an attempt's), and those of different calls may overlap. A database can only
 * go back to a mark (a savepoint), which undoes everything after it, whoever did it. So a unit is marked before its first
 * statement, and can be undone singly as long as nobody else changed anything since; otherwise undoing it would take other
 * units' work with it, work that somebody believes to be done.
 *
 * <p>Duties of the driver: the marks that {@link #enter} gives out are set in the database, in that order, before the
 * statement runs; {@link #changed} is called for each statement that may change something. Pure, not thread-safe.
 */
public final class WorkUnits {
    private static final long BEGINNING = 0;

    private final TreeMap<Long, Unit> open = new TreeMap<>();
    private boolean somethingStands;
    private long lastUnit;
    private long lastMark = BEGINNING;

    /** What has to be done in the database to undo a unit. */
    public sealed interface Undo {
        /** It did nothing that could be undone. */
        record Nothing() implements Undo {}

        /** Everything that was done in the branch is the unit's. */
        record Everything() implements Undo {}

        /** Go back to a mark. */
        record BackTo(long mark) implements Undo {}

        /** Others have changed something since it began: nothing may be undone, and the branch cannot commit. */
        record Entangled() implements Undo {}
    }

    private static final class Unit {
        /** The mark to go back to; only if {@link #isMarked}. */
        private long mark;

        private boolean isMarked;
        private boolean hasChanged;
        private boolean isOverlapped;
    }

    /** A unit that has done nothing yet. */
    public long begin() {
        open.put(++lastUnit, new Unit());
        return lastUnit;
    }

    /**
     * A statement is about to run as part of these units.
     *
     * @param units the outermost first
     * @return marks that must be set before it runs, in this order
     */
    public List<Long> enter(List<Long> units) {
        List<Long> marks = new ArrayList<>();
        for (long number : units) {
            Unit unit = unit(number);
            if (!unit.isMarked) {
                boolean isFirst = !somethingStands && open.values().stream().noneMatch(other -> other.isMarked);
                unit.mark = isFirst ? BEGINNING : ++lastMark;
                unit.isMarked = true;
                if (!isFirst) {
                    marks.add(unit.mark);
                }
            }
        }
        return marks;
    }

    /**
     * A statement that may change something runs as part of these units.
     *
     * @param units those that it belongs to; none if it stands at once
     */
    public void changed(List<Long> units) {
        open.forEach((number, unit) -> {
            if (units.contains(number)) {
                unit.hasChanged = true;
            } else if (unit.isMarked) {
                unit.isOverlapped = true;
            }
        });
    }

    /** Work that belongs to no unit has been done: it is undone with the whole branch or not at all. */
    public void stands() {
        somethingStands = true;
    }

    /**
     * The unit stands, within whatever unit it lies in.
     *
     * @return whether its mark may be given back; as long as others are marked it may not, since many databases drop later
     *     marks with an earlier one
     */
    public boolean stands(long number) {
        Unit unit = open.remove(number);
        if (unit == null || !unit.isMarked) {
            return false;
        }
        somethingStands = true;
        return unit.mark != BEGINNING && open.values().stream().noneMatch(other -> other.isMarked);
    }

    /** The unit is over and to be undone; what has to be done for that. */
    public Undo undo(long number) {
        Unit unit = open.remove(number);
        if (unit == null || !unit.isMarked) {
            return new Undo.Nothing();
        }
        if (unit.isOverlapped) {
            somethingStands = true;
            return unit.hasChanged ? new Undo.Entangled() : new Undo.Nothing();
        }
        if (unit.mark == BEGINNING) {
            somethingStands = false;
            forgetMarksFrom(BEGINNING);
            return new Undo.Everything();
        }
        forgetMarksFrom(unit.mark);
        return new Undo.BackTo(unit.mark);
    }

    /** A mark of the application's own, inside a unit. */
    public long mark() {
        return ++lastMark;
    }

    /** The application went back to a mark of its own: marks that were set later are gone. */
    public void wentBackTo(long mark) {
        forgetMarksFrom(mark);
    }

    /** What changed since then is gone, and the next statement of each of these units has to be marked anew. */
    private void forgetMarksFrom(long mark) {
        for (Unit unit : open.values()) {
            if (unit.isMarked && unit.mark >= mark) {
                unit.isMarked = false;
                unit.hasChanged = false;
                unit.isOverlapped = false;
            }
        }
    }

    /** All work is gone, by the database's own doing. */
    public void allLost() {
        somethingStands = false;
        open.values().forEach(unit -> unit.isMarked = false);
    }

    /** Whether a statement has run as part of the unit. */
    public boolean isMarked(long number) {
        Unit unit = open.get(number);
        return unit != null && unit.isMarked;
    }

    /** Whether the unit has changed something that neither stands nor was undone. */
    public boolean hasChanged(long number) {
        Unit unit = open.get(number);
        return unit != null && unit.hasChanged;
    }

    /** Whether others have changed something since the unit began. */
    public boolean isOverlapped(long number) {
        Unit unit = open.get(number);
        return unit != null && unit.isOverlapped;
    }

    private Unit unit(long number) {
        Unit unit = open.get(number);
        if (unit == null) {
            throw new AssertionError("unit " + number + " is over");
        }
        return unit;
    }
}
