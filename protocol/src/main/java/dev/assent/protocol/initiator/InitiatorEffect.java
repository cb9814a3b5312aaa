package dev.assent.protocol.initiator;

import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;

/** What the initiator wants done. */
public sealed interface InitiatorEffect {
    /** Tell the leader of the shard; dropped if none is known or connected. */
    record Tell(int shard, Notice notice) implements InitiatorEffect {}

    /** Ask the leader of the shard; dropped likewise. The answer comes back with the number. */
    record Ask(int shard, long number, Request request) implements InitiatorEffect {}

    /** The caller has its transaction. */
    record Begun(long token, Xid xid) implements InitiatorEffect {}

    /** No number could be had within the caller's patience; nothing was begun. */
    record BeginFailed(long token) implements InitiatorEffect {}

    /**
     * The final answer about a transaction, the same for everybody who waits for it or asks later. Never
     * {@code Pending}, nor a refusal that another node or a later time would not repeat.
     */
    record Settled(Xid xid, Answer answer) implements InitiatorEffect {}

    /** The answer to {@code OutcomeWanted} while the transaction is not decided: the caller may ask again. */
    record StillPending(Xid xid) implements InitiatorEffect {}
}
