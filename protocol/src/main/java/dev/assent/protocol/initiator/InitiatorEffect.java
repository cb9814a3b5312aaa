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

    /**
     * A transaction under which nothing was done yet can no longer commit under its xid, because the leader changed or its
     * block went back: it goes on under a fresh one. The caller must not see the stale one any more; whoever says
     * {@code Touched} looks up the present xid in the same turn.
     */
    record BegunAnew(Xid stale, Xid fresh) implements InitiatorEffect {}

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
