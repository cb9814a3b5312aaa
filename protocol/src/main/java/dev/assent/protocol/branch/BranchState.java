package dev.assent.protocol.branch;

import dev.assent.protocol.Vote;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.time.Timetable;
import java.util.Optional;

/** Where a two-phase branch stands. A step in the database is in flight exactly in the states that say so. */
sealed interface BranchState {

    /** When the branch wants a tick, or {@link Timetable#NEVER}. */
    default long dueNanos() {
        return Timetable.NEVER;
    }

    /**
     * The application works in the open local transaction.
     *
     * @param enlisting when the enlistment is repeated; never, once it was acknowledged
     */
    record Active(Repeat enlisting) implements BranchState {
        @Override
        public long dueNanos() {
            return enlisting.nextNanos();
        }
    }

    /**
     * Told to prepare while a business call was open in the branch.
     *
     * @param deadlineNanos when it votes NO
     */
    record AwaitingCalls(long deadlineNanos) implements BranchState {
        @Override
        public long dueNanos() {
            return deadlineNanos;
        }
    }

    /** {@code WriteEvidence} is in flight; an abort that arrived is obeyed when it is answered. */
    record WritingEvidence(boolean isAbortWanted) implements BranchState {}

    /** {@code Prepare} is in flight; an abort that arrived is obeyed when it is answered. */
    record Preparing(boolean isAbortWanted) implements BranchState {}

    /**
     * Durably prepared, decision unknown.
     *
     * @param sinceNanos when it was prepared or first seen
     * @param isFound listed by the database and not prepared by this core
     * @param askFromNanos no question before this instant
     * @param asking when the decision is asked for
     * @param stuck why only an operator can settle it, if so
     */
    record InDoubt(long sinceNanos, boolean isFound, long askFromNanos, Repeat asking, Optional<Command.Verdict> stuck)
            implements BranchState {
        @Override
        public long dueNanos() {
            return asking.nextNanos();
        }
    }

    /** Told to commit; {@code CommitPrepared} is in flight or will be tried again. */
    record Committing(Attempt attempt) implements BranchState {
        @Override
        public long dueNanos() {
            return attempt.retryNanos();
        }
    }

    /** Told to roll back what is prepared; {@code RollBackPrepared} is in flight or will be tried again. */
    record RollingBackPrepared(Attempt attempt) implements BranchState {
        @Override
        public long dueNanos() {
            return attempt.retryNanos();
        }
    }

    /**
     * {@code RollBack} of the open local transaction is in flight.
     *
     * @param voteWhenDone the vote that must not be said before the local transaction has ended
     * @param isReported whether the coordinator is told when it is done
     */
    record RollingBack(Optional<Vote> voteWhenDone, boolean isReported) implements BranchState {}

    /** Nothing more will happen here; only the memory of how it ended. */
    record Ended(End end) implements BranchState {}

    /** How a branch ended, as far as this core saw. */
    enum End {
        ROLLED_BACK,
        COMMITTED,
        NOTHING_FOUND,
        FOUND_COMMITTED
    }

    /** Something said again and again. */
    record Repeat(int attempts, long nextNanos) {
        static final Repeat OVER = new Repeat(0, Timetable.NEVER);
    }

    /**
     * A step on a prepared branch.
     *
     * @param failures how often it was answered Busy
     * @param sinceNanos when it was first tried
     * @param retryNanos when it is tried again; never, while it is in flight
     * @param lastError of the last Busy, or empty
     */
    record Attempt(int failures, long sinceNanos, long retryNanos, String lastError) {
        static Attempt first(long nowNanos) {
            return new Attempt(0, nowNanos, Timetable.NEVER, "");
        }

        Attempt inFlight() {
            return new Attempt(failures, sinceNanos, Timetable.NEVER, lastError);
        }

        Attempt failed(String error, long retryNanos) {
            return new Attempt(failures + 1, sinceNanos, retryNanos, error);
        }
    }
}
