package dev.assent.protocol.coordinator;

import dev.assent.protocol.BranchId;

/**
 * A branch in phase two.
 *
 * @param progress what is known of it
 * @param hasVoted whether it voted YES; of a branch that has not, only its owner can free the locks
 */
record ToldBranch(BranchId id, Progress progress, boolean hasVoted) {
    enum Progress {
        /** Told, and not heard of. */
        TOLD,
        /** Reported a contradiction; the record is on its way through the log. */
        CONTRADICTS,
        /** Given up by an operator: no caller waits for it, but it is told again until it is heard of. */
        ABANDONED,
        /** Done with. */
        ACKNOWLEDGED
    }

    static ToldBranch told(BranchId id, boolean hasVoted) {
        return new ToldBranch(id, Progress.TOLD, hasVoted);
    }

    ToldBranch with(Progress next) {
        return new ToldBranch(id, next, hasVoted);
    }

    boolean isAcknowledged() {
        return progress == Progress.ACKNOWLEDGED;
    }

    /** Whether a caller that wants to read its own writes has to wait for it. */
    boolean isAwaited() {
        return progress == Progress.TOLD || progress == Progress.CONTRADICTS;
    }
}
