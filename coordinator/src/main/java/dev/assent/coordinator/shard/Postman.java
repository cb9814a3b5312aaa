package dev.assent.coordinator.shard;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;

/**
 * Carries one shard's words to instances. Called by the shard's thread only; nothing blocks; what is addressed to an
 * instance without a stream is dropped.
 */
public interface Postman {
    /** Adds to what is sent at the next flush. */
    void send(InstanceId to, Command command);

    /** Answers a request that came over a stream. */
    void reply(RequestId request, Answer answer);

    /** From now on instances, also those that connect later, are told that this node leads the shard in this term. */
    void announceReady(long term);

    /** From now on they are no longer told so. */
    void announceLost();

    /** End of the turn: sends what was added, one message to each stream. */
    void flush();
}
