package dev.assent.protocol;

import java.util.Optional;

/**
 * Why a transaction aborted: the first cause, as the coordinator saw it.
 *
 * @param kind stable, for programs
 * @param branch the branch that caused it, if one did
 * @param detail for people, at most {@value Vote#MAX_REASON_LENGTH} characters; may be empty
 */
public record AbortCause(Kind kind, Optional<BranchId> branch, String detail) {
    public AbortCause {
        detail = detail.length() <= Vote.MAX_REASON_LENGTH
                ? detail
                : detail.substring(0, Vote.MAX_REASON_LENGTH - 1) + "…";
    }

    public static AbortCause of(Kind kind) {
        return new AbortCause(kind, Optional.empty(), "");
    }

    public static AbortCause of(Kind kind, String detail) {
        return new AbortCause(kind, Optional.empty(), detail);
    }

    public static AbortCause of(Kind kind, BranchId branch, String detail) {
        return new AbortCause(kind, Optional.of(branch), detail);
    }

    /** Stable names; the wire contract carries them. New ones may be added. */
    public enum Kind {
        /** The initiator asked for the rollback. */
        ROLLED_BACK,
        /** The transaction's timeout passed before its commit was decided. */
        TIMEOUT,
        /** A branch did not vote within the prepare timeout. */
        PREPARE_TIMEOUT,
        /** A branch voted NO. */
        VOTED_NO,
        /** The process that held a branch without a vote is gone. */
        INSTANCE_LOST,
        /** The initiator knows of a branch that the coordinator does not. */
        BRANCH_MISSING,
        /** A branch ran another number of calls than the initiator can account for. */
        CALL_UNACCOUNTED,
        /** A call of the transaction failed or was still open when its commit was asked for. */
        CALL_FAILED,
        /** The leader that knew the transaction is gone, and with it everything that was not decided. */
        LEADER_CHANGED,
        /** The coordinator remembers no more than that it did not commit. */
        NOT_KNOWN
    }
}
