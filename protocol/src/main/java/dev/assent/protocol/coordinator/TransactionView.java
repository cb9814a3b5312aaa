package dev.assent.protocol.coordinator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import java.util.List;
import java.util.Optional;

/**
 * A transaction as the leader of its shard sees it, for people.
 *
 * @param state ACTIVE, PREPARING, DECIDING, COMMITTING, ENDING or ABORTING; COMMITTED, ABORTED or EXPIRED once it is over
 * @param decidedAtMillis wall-clock time of the decision; 0 if there is none
 * @param remainingNanos what is left of its timeout; 0 if it is decided
 * @param cause why it aborts or aborted
 */
public record TransactionView(
        Xid xid,
        String state,
        List<BranchView> branches,
        long decidedAtMillis,
        long remainingNanos,
        Optional<AbortCause> cause) {
    public TransactionView {
        branches = List.copyOf(branches);
    }

    /**
     * @param state ENLISTED, YES, NO, READ_ONLY, ACKNOWLEDGED, UNACKNOWLEDGED, ABANDONED, HEURISTIC_COMMITTED or
     *     HEURISTIC_ROLLED_BACK
     */
    public record BranchView(BranchId branch, String state) {}
}
