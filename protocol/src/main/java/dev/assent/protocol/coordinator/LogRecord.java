package dev.assent.protocol.coordinator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BlockId;
import java.util.List;

/** What a shard's Raft log holds: few and small records; everything else is rebuilt or asked for. */
public sealed interface LogRecord {
    /** Whether somebody waits for it. Records that are not forced ride along with later ones, for at most a second. */
    default boolean isForced() {
        return true;
    }

    /**
     * The first entry of a shard, ever.
     *
     * @param cluster this life of the cluster
     * @param shard which shard of it this log belongs to
     * @param shards how many shards the cluster has, for ever
     */
    record ClusterCreated(ClusterId cluster, int shard, int shards) implements LogRecord {}

    /**
     * First entry of a leader's loop in a term. The first one of a term stands.
     *
     * @param node whose loop
     * @param loop random; names one life of the loop, so that a restarted one cannot take its predecessor's for its own
     */
    record LeaderStarted(NodeId node, long loop) implements LogRecord {}

    /**
     * The transaction commits. Void unless the term of its entry is the xid's.
     *
     * @param xid the transaction
     * @param branches those that voted YES, sorted, 1 to {@value dev.assent.protocol.CallSums#MAX_BRANCHES}
     * @param atMillis wall-clock time of the leader, for people only; 0 until the shell stamps it
     */
    record CommitDecided(Xid xid, List<BranchId> branches, long atMillis) implements LogRecord {
        public CommitDecided {
            branches = List.copyOf(branches);
            if (branches.isEmpty()) {
                throw new IllegalArgumentException("a commit decision names its branches: " + xid);
            }
        }
    }

    /** Every branch has acknowledged, or {@code Commit()} ended without a YES: ends the listing, sets the outcome bit. */
    record Ended(Xid xid) implements LogRecord {
        @Override
        public boolean isForced() {
            return false;
        }
    }

    /** The outcomes of these numbers are no longer remembered. */
    record Forgotten(BlockId block) implements LogRecord {
        @Override
        public boolean isForced() {
            return false;
        }
    }

    /** A branch did something else than was decided. Counts as its acknowledgement. */
    record HeuristicFound(Xid xid, BranchId branch, HeuristicKind kind) implements LogRecord {}

    /**
     * An operator gives up waiting for a branch; its decision stays listed.
     *
     * @param operator who
     * @param reason why, for people
     */
    record Abandoned(Xid xid, BranchId branch, String operator, String reason) implements LogRecord {}

    /**
     * An operator closes a heuristic, or takes the place of an abandoned branch's acknowledgement.
     *
     * @param operator who
     * @param reason why, for people
     */
    record Settled(Xid xid, BranchId branch, String operator, String reason) implements LogRecord {}
}
