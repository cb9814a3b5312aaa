package dev.assent.protocol.coordinator;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;

/** Something the world must do. Any effect may be done twice or never; the protocol survives both. */
public sealed interface Effect {
    /**
     * Append to the Raft log. An append that was refused for certain is submitted again by the shell for as long as it
     * leads; one whose fate is uncertain is waited for.
     */
    record Append(LogRecord record) implements Effect {}

    /** Send to an instance; dropped if it has no stream to this node. */
    record Send(InstanceId to, Command command) implements Effect {}

    /** Answer a request. */
    record Reply(RequestId request, Answer answer) implements Effect {}

    /**
     * Tell every connected instance that this node leads the shard and is ready, and each that connects while it does.
     *
     * @param term the term in which it leads
     */
    record AnnounceReady(long term) implements Effect {}

    /** Give the Raft leadership up: this loop cannot become ready in this term. */
    record StepDown() implements Effect {}
}
