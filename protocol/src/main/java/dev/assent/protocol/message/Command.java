package dev.assent.protocol.message;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;

/** What the coordinator tells an instance over its stream. */
public sealed interface Command {
    /** A block of numbers to begin transactions from, to be returned after {@code leaseNanos} at the latest. */
    record Lease(BlockId block, long leaseNanos) implements Command {}

    /** The branch is known; it may prepare. */
    record EnlistAcknowledged(Xid xid, BranchId branch) implements Command {}

    /**
     * The branch is not and will not be known.
     *
     * @param refusal why; a branch that was acknowledged before ignores a bare refusal
     */
    record EnlistRefused(Xid xid, BranchId branch, Refusal refusal) implements Command {}

    /** Prepare and vote. */
    record Prepare(Xid xid, BranchId branch) implements Command {}

    /** Commit what is prepared; an active branch never obeys it. */
    record CommitBranch(Xid xid, BranchId branch) implements Command {}

    /** Roll back what is prepared or active. */
    record AbortBranch(Xid xid, BranchId branch) implements Command {}

    /** The answer to a branch in doubt. */
    record BranchAnswer(Xid xid, BranchId branch, Verdict verdict) implements Command {}

    /** The answer about a finished row that was shown. */
    record RowAnswer(Xid xid, BranchId branch, RowVerdict verdict) implements Command {}

    /** The transaction has ended and is remembered as a bit: evidence rows of this branch may go. */
    record Forget(Xid xid, BranchId branch) implements Command {}

    /** Why an enlistment was refused. */
    enum Refusal {
        /** The transaction aborts or aborted: roll back. */
        ABORTED,
        /** Its list of branches is closed, or it ended. */
        CLOSED,
        /** It has the most branches that a decision can hold. */
        TOO_MANY_BRANCHES,
        /** The branch is another instance's. */
        NOT_YOURS,
        /** The shard never leased this number. */
        INVALID,
        /** Not the leader of the xid's own term, or not ready. */
        NOT_LEADER,
        /** The xid names another shard. */
        WRONG_SHARD,
        /** The xid names another life of the cluster, or another cluster. */
        FOREIGN
    }

    /** What a branch in doubt is told. */
    enum Verdict {
        /** Commit what is prepared. */
        COMMIT,
        /** Roll back what is still prepared or active; nothing there means nothing to do. */
        ABORT,
        /** An operator gave the branch up. */
        ABANDON,
        /** Ask again. */
        PENDING,
        /** Its outcome is no longer remembered: stay in doubt and say so. */
        EXPIRED,
        /** Another cluster's, or another life's: stay in doubt and say so. */
        FOREIGN,
        /** The shard never leased this number: stay in doubt and say so. */
        INVALID,
        /** Not the leader, or not ready: ask another node. */
        NOT_LEADER,
        /** The xid names another shard: a broken client. */
        WRONG_SHARD
    }

    /** What becomes of a finished row. */
    enum RowVerdict {
        /** Keep it: the transaction has not ended. */
        LISTED,
        /** Remove it. */
        ENDED,
        /** Keep it: not decided as far as this leader knows. */
        PENDING,
        /** The transaction aborted: somebody committed by hand. */
        ABORTED,
        /** No longer remembered: remove it, and log it. */
        EXPIRED,
        /** Another cluster's, or another life's: keep it. */
        FOREIGN,
        /** Not the leader, or not ready: ask another node. */
        NOT_LEADER
    }
}
