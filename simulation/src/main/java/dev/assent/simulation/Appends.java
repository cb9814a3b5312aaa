package dev.assent.simulation;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;

/**
 * What becomes of a replica's appends: they enter the log, late or at once; they are refused, and the loop hears of it; nobody
 * knows, and the leadership is given up without the loop; or they meet a replica that does not lead, and nothing is said.
 */
final class Appends {
    /** Under this loop the first entry of a log is submitted: no loop is there yet. */
    private static final long NO_LOOP = 0;

    /** A refusal is told so late, or the loop would try again and again while the log changes its leader. */
    private static final long REFUSAL_NANOS = 20 * WorldParameters.MILLI;

    private static final long BIRTH_RETRY_NANOS = 100 * WorldParameters.MILLI;

    private final Replica replica;
    private final Node node;
    private final World world;
    private final Luck luck;
    private int births;

    Appends(Replica replica, Luck luck) {
        this.replica = replica;
        this.node = replica.node;
        this.world = node.world;
        this.luck = luck;
    }

    /** The loop wants this appended. */
    void append(long pack, List<LogRecord> records) {
        append(replica.loop, pack, records);
    }

    /** The first leader ever writes whose log it is, and says that it leads when that is applied. */
    void bear() {
        if (replica.news.isPending() && replica.state.cluster().isEmpty()) {
            if (births++ > 0) {
                world.marks.sometimes(Mark.BIRTH_REPEATED);
            }
            int shards = world.parameters.shards();
            append(NO_LOOP, 1, List.of(new LogRecord.ClusterCreated(World.CLUSTER, replica.group.shard, shards)));
        }
    }

    private void append(long loop, long pack, List<LogRecord> records) {
        // It enters the log at once or later, in whatever term that is then.
        if (world.faults.strikes(FaultKind.APPEND_LATE, luck)) {
            long delay = world.dice.between(Purpose.AMOUNT, luck, 1, 1_000) * WorldParameters.MILLI;
            world.after(delay, node, () -> arrive(loop, pack, records));
        } else {
            arrive(loop, pack, records);
        }
    }

    private void arrive(long loop, long pack, List<LogRecord> records) {
        RaftGroup.Tail tail = replica.leading();
        if (tail == null) {
            // The news that the leadership is over says all that there is to say.
            world.marks.sometimes(Mark.APPEND_ENDED_SILENTLY);
        } else if (world.faults.strikes(FaultKind.APPEND_REFUSED, luck)) {
            world.after(REFUSAL_NANOS, node, () -> refused(loop, pack));
        } else if (world.faults.strikes(FaultKind.APPEND_UNANSWERED, luck)) {
            if (world.dice.chance(Purpose.AMOUNT, luck, 50)) {
                enter(tail, loop, pack, records);
            }
            world.after(REFUSAL_NANOS, node, () -> unanswered(loop));
        } else {
            enter(tail, loop, pack, records);
        }
    }

    private void enter(RaftGroup.Tail tail, long loop, long pack, List<LogRecord> records) {
        world.trace(node, () -> "appends in term " + tail.term + ", shard " + replica.group.shard + ": " + records);
        replica.group.append(tail, new LogEntry(tail.term, loop, pack, records));
    }

    private void refused(long loop, long pack) {
        if (loop == NO_LOOP) {
            world.after(BIRTH_RETRY_NANOS, node, this::bear);
        } else {
            replica.turns.refused(pack);
        }
    }

    /** No loop would submit the first entry again, should the leadership not end. */
    private void unanswered(long loop) {
        world.trace(node, () -> "does not know what became of an append to shard " + replica.group.shard);
        replica.stepDown();
        if (loop == NO_LOOP) {
            world.after(BIRTH_RETRY_NANOS, node, this::bear);
        }
    }
}
