package dev.assent.protocol.branch;

import dev.assent.protocol.ResourceName;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.time.Timetable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The evidence rows of committed branches: shown to their shard until it says that they may go, then removed, many at
 * once. A row is removed on the leader's word only, never by age: it is what answers a repeated Commit after a crash.
 */
final class Rows {
    private static final int BATCH_SIZE = 256;

    private final long removeAfterNanos;
    private final Map<ResourceName, TreeSet<BranchRef>> removable = new TreeMap<>();
    private long removeAtNanos = Timetable.NEVER;

    Rows(long removeAfterNanos) {
        this.removeAfterNanos = removeAfterNanos;
    }

    Rows copy() {
        Rows copy = new Rows(removeAfterNanos);
        removable.forEach((resource, rows) -> copy.removable.put(resource, new TreeSet<>(rows)));
        copy.removeAtNanos = removeAtNanos;
        return copy;
    }

    long nextDeadlineNanos() {
        return removeAtNanos;
    }

    /** Asks about a row that the database shows, unless it is about to be removed. */
    List<BranchEffect> shown(BranchRef row) {
        TreeSet<BranchRef> going = removable.get(row.branch().resource());
        return going != null && going.contains(row)
                ? List.of()
                : List.of(new BranchEffect.Tell(row.xid().shard(), new Notice.RowShown(row.xid(), row.branch())));
    }

    List<BranchEffect> answered(BranchRef row, Command.RowVerdict verdict, long nowNanos) {
        return switch (verdict) {
            case ENDED, EXPIRED -> mayGo(row, nowNanos);
            // Somebody committed by hand what the transaction aborted: a fact that the leader must hear and keep.
            case ABORTED ->
                List.of(new BranchEffect.Tell(
                        row.xid().shard(), new Notice.Reported(row.xid(), row.branch(), BranchReport.FOUND_COMMITTED)));
            case LISTED, PENDING, FOREIGN, NOT_LEADER -> List.of();
        };
    }

    List<BranchEffect> mayGo(BranchRef row, long nowNanos) {
        TreeSet<BranchRef> going = removable.computeIfAbsent(row.branch().resource(), unused -> new TreeSet<>());
        going.add(row);
        if (going.size() >= BATCH_SIZE) {
            return flush();
        }
        removeAtNanos = Math.min(removeAtNanos, Timetable.after(nowNanos, removeAfterNanos));
        return List.of();
    }

    List<BranchEffect> tick(long nowNanos) {
        return nowNanos >= removeAtNanos ? flush() : List.of();
    }

    private List<BranchEffect> flush() {
        List<BranchEffect> effects = new ArrayList<>();
        removable.forEach((resource, rows) -> effects.add(new BranchEffect.RemoveRows(resource, List.copyOf(rows))));
        removable.clear();
        removeAtNanos = Timetable.NEVER;
        return effects;
    }

    @Override
    public String toString() {
        return "Rows[removable=" + removable + ", removeAtNanos=" + removeAtNanos + "]";
    }
}
