package dev.assent.protocol.message;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import java.util.Optional;

/** What an initiator or an operator asks of a shard; each is answered, and each may be repeated for ever. */
public sealed interface Request {
    /**
     * Opens a transaction.
     *
     * @param xid a number of a leased block, or empty: the leader takes one of its own
     * @param timeoutNanos how long until it aborts by itself; 0 means the cluster's default
     */
    record Begin(Optional<Xid> xid, long timeoutNanos) implements Request {}

    /**
     * Asks for the commit.
     *
     * @param sums the initiator's account of calls
     */
    record Commit(Xid xid, AnswerMode mode, CallSums sums) implements Request {}

    /**
     * Asks for the rollback.
     *
     * @param cause why, so that every waiting caller hears the first cause
     */
    record Rollback(Xid xid, AbortCause cause) implements Request {}

    /** Asks what became of a transaction, without any influence on it. */
    record OutcomeQuestion(Xid xid) implements Request {}

    /**
     * An operator gives up waiting for a branch.
     *
     * @param operator who
     * @param reason why, for people
     */
    record Abandon(Xid xid, BranchId branch, String operator, String reason) implements Request {}

    /**
     * An operator closes a heuristic, or acknowledges for an abandoned branch.
     *
     * @param operator who
     * @param reason why, for people
     */
    record Settle(Xid xid, BranchId branch, String operator, String reason) implements Request {}
}
