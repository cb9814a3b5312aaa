package dev.assent.protocol.coordinator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import java.util.List;

/**
 * A global transaction in the memory of the leader of its shard; each state is a value.
 *
 * <pre>
 * Active --Commit()--> Preparing --all votes in, a YES, none NO--> Deciding --record applied, stood--> Committing --all acknowledged--> Ending
 * Active, Preparing --all votes READ_ONLY, or no branch--> Ending
 * Active, Preparing --Rollback(), timeout, lost instance with an unvoted branch, a NO--> Aborting
 * Ending, Aborting --its record applied; all acknowledged or out of patience--> gone, and over
 * </pre>
 *
 * Only Committing and Ending outlive the term: a new leader builds them from the decision table.
 */
sealed interface Transaction {
    Xid xid();

    /** When time alone changes something; {@link Long#MAX_VALUE} if never. */
    long wakeNanos();

    /** For people: the name of the state. */
    default String state() {
        return getClass().getSimpleName().toUpperCase(java.util.Locale.ROOT);
    }

    /**
     * Work is going on.
     *
     * @param branches in the order of their enlistment
     * @param deadlineNanos when the timeout passes
     */
    record Active(Xid xid, List<EnlistedBranch> branches, long deadlineNanos) implements Transaction {
        @Override
        public long wakeNanos() {
            return deadlineNanos;
        }
    }

    /**
     * The list of branches is closed and votes are awaited.
     *
     * @param sums the account that the first {@code Commit()} brought
     * @param deadlineNanos when waiting for votes ends
     * @param isOwnTimeout whether that is the transaction's timeout, not the time for votes
     * @param retry when Prepare is repeated
     */
    record Preparing(
            Xid xid,
            List<EnlistedBranch> branches,
            CallSums sums,
            List<Waiter> waiters,
            long deadlineNanos,
            boolean isOwnTimeout,
            Retry retry)
            implements Transaction {
        @Override
        public long wakeNanos() {
            return Math.min(deadlineNanos, retry.nextNanos());
        }
    }

    /** The decision is on its way through the log; nothing but its verdict, or the end of the term, leads out. */
    record Deciding(Xid xid, List<EnlistedBranch> branches, List<Waiter> waiters) implements Transaction {
        @Override
        public long wakeNanos() {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Decided: the branches are told to commit until each has acknowledged.
     *
     * @param branches those of the decision
     * @param waiters callers that want to hear when it is applied
     * @param answerNanos when they are answered all the same
     * @param retry when Commit is repeated
     */
    record Committing(Xid xid, List<ToldBranch> branches, List<Waiter> waiters, long answerNanos, Retry retry)
            implements Transaction {
        @Override
        public long wakeNanos() {
            return waiters.isEmpty() ? retry.nextNanos() : Math.min(answerNanos, retry.nextNanos());
        }

        List<BranchId> awaited() {
            return branches.stream()
                    .filter(ToldBranch::isAwaited)
                    .map(ToldBranch::id)
                    .toList();
        }

        boolean isDone() {
            return branches.stream().allMatch(ToldBranch::isAcknowledged);
        }
    }

    /**
     * Committed, or committed without a YES, and answered; the record that ends it is on its way.
     *
     * @param branches whose evidence rows may go once it has ended; empty if there was no YES
     */
    record Ending(Xid xid, List<BranchId> branches) implements Transaction {
        @Override
        public long wakeNanos() {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Aborted and answered: the branches are told until each has acknowledged, or patience ends and they have to ask.
     *
     * @param branches all that were enlisted, except NO and READ_ONLY voters
     * @param cause the first one
     * @param untilNanos when patience ends
     * @param retry when Abort is repeated
     */
    record Aborting(Xid xid, List<ToldBranch> branches, AbortCause cause, long untilNanos, Retry retry)
            implements Transaction {
        @Override
        public long wakeNanos() {
            return Math.min(untilNanos, retry.nextNanos());
        }

        boolean isDone() {
            return branches.stream().allMatch(ToldBranch::isAcknowledged);
        }
    }
}
