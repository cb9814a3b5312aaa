package dev.assent.protocol.initiator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Command;

/** What reaches the initiator of one process. */
public sealed interface InitiatorInput {
    /**
     * The application begins a transaction.
     *
     * @param token names the caller, who gets {@code Begun} or {@code BeginFailed}
     * @param timeoutNanos the transaction's timeout
     * @param patienceNanos how long the caller waits for a number if none is at hand
     */
    record BeginWanted(long token, long timeoutNanos, long patienceNanos) implements InitiatorInput {}

    /** Something of the transaction is about to reach the coordinator by another way: a branch, a call. */
    record Touched(Xid xid) implements InitiatorInput {}

    /** The application wants the commit. */
    record CommitWanted(Xid xid, AnswerMode mode, CallSums sums) implements InitiatorInput {}

    /** The application wants the rollback. */
    record RollbackWanted(Xid xid, AbortCause cause) implements InitiatorInput {}

    /** The application asks what became of a transaction, this process's or another's. */
    record OutcomeWanted(Xid xid) implements InitiatorInput {}

    /** A block of numbers arrived. */
    record Leased(int shard, Command.Lease lease) implements InitiatorInput {}

    /** An answer arrived. */
    record Answered(long number, Answer answer) implements InitiatorInput {}

    /** A leader of the shard is ready in this term and reachable; also given when a session to it is opened again. */
    record LeaderReady(int shard, long term) implements InitiatorInput {}

    /** Time passed; given when {@code InitiatorCore.nextDeadlineNanos()} is reached. */
    record Tick() implements InitiatorInput {}
}
