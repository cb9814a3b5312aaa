package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.branch.WorkUnits;
import dev.assent.protocol.branch.WorkUnits.Undo;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Does to the one physical connection of a branch what {@link WorkUnits} says: its marks are savepoints. Units are those of
 * connections, and the parts that attempts have in the branch. Guarded by the branch's lock.
 */
final class UnitLedger {
    private final Connection physical;
    private final UndoAll undoAll;
    private final WorkUnits units = new WorkUnits();
    private final TreeMap<Long, Savepoint> marks = new TreeMap<>();
    private final Set<Long> ofConnections = new LinkedHashSet<>();
    private final Map<Attempted, Long> ofAttempts = new IdentityHashMap<>();

    /** Undoes all work of the branch and leaves it open. */
    @FunctionalInterface
    interface UndoAll {
        void run() throws SQLException;
    }

    UnitLedger(Connection physical, UndoAll undoAll) {
        this.physical = physical;
        this.undoAll = undoAll;
    }

    /** A unit of a connection, which has done nothing yet. */
    long begin() {
        long unit = units.begin();
        ofConnections.add(unit);
        return unit;
    }

    /** The units of the attempts that go on, outermost first. */
    List<Long> within(List<Attempted> attempts) throws SQLException {
        settle();
        List<Long> chain = new ArrayList<>();
        for (Attempted attempt : attempts) {
            if (!attempt.isOver()) {
                chain.add(ofAttempts.computeIfAbsent(attempt, x -> units.begin()));
            }
        }
        return chain;
    }

    /** Attempts that ended well somewhere else stand here, too. */
    private void settle() throws SQLException {
        List<Attempted> over =
                ofAttempts.keySet().stream().filter(Attempted::isOver).toList();
        for (Attempted attempt : over) {
            Long unit = ofAttempts.remove(attempt);
            if (unit != null) {
                stand(unit);
            }
        }
    }

    /** Before a statement of these units: marks the places to go back to. */
    void enter(List<Long> chain) throws SQLException {
        for (long mark : units.enter(chain)) {
            marks.put(mark, physical.setSavepoint());
        }
    }

    /** A statement that is no query is about to run as part of these units. */
    void changed(List<Long> chain) {
        units.changed(chain);
    }

    /** An autocommit statement outside any attempt: it is undone by the database itself if it fails. */
    void stands() {
        units.stands();
    }

    /** The unit of a connection stands: it becomes durable with the branch. */
    void commit(long unit) throws SQLException {
        ofConnections.remove(unit);
        stand(unit);
    }

    private void stand(long unit) throws SQLException {
        if (units.stands(unit)) {
            // Nobody is marked any more, and the earliest takes all later ones with it.
            Map.Entry<Long, Savepoint> first = marks.firstEntry();
            marks.clear();
            if (first != null) {
                physical.releaseSavepoint(first.getValue());
            }
        }
    }

    /** Undoes the unit of a connection; false if that cannot be done without the work of others, and nothing was undone. */
    boolean undo(long unit) throws SQLException {
        ofConnections.remove(unit);
        return carryOut(units.undo(unit));
    }

    /** Undoes an attempt's part in the branch, likewise. */
    boolean undo(Attempted attempt) throws SQLException {
        Long unit = ofAttempts.remove(attempt);
        return unit == null || carryOut(units.undo(unit));
    }

    private boolean carryOut(Undo undo) throws SQLException {
        if (undo instanceof Undo.Everything) {
            marks.clear();
            undoAll.run();
        } else if (undo instanceof Undo.BackTo back) {
            Savepoint savepoint = marks.get(back.mark());
            if (savepoint == null) {
                throw new SQLException("The savepoint to go back to is gone");
            }
            physical.rollback(savepoint);
            marks.tailMap(back.mark(), false).clear();
        }
        return !(undo instanceof Undo.Entangled);
    }

    /** The application sets a mark of its own; its number is what {@link #wentBackTo} wants. */
    long mark() {
        return units.mark();
    }

    /** The application went back to a mark of its own. */
    void wentBackTo(long mark) {
        units.wentBackTo(mark);
    }

    /** All work is gone by the database's own doing. */
    void allLost() {
        units.allLost();
    }

    boolean isMarked(long unit) {
        return units.isMarked(unit);
    }

    boolean hasChanged(long unit) {
        return units.hasChanged(unit);
    }

    boolean isOverlapped(long unit) {
        return units.isOverlapped(unit);
    }

    /** Whether a connection holds changes that it neither committed nor gave up. */
    boolean hasUnfinishedChanges() {
        return ofConnections.stream().anyMatch(units::hasChanged);
    }
}
