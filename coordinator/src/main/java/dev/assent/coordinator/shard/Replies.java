package dev.assent.coordinator.shard;

import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;

/** Takes the answers to requests that did not come over a stream. Called by shards' threads; must return at once. */
@FunctionalInterface
public interface Replies {
    /** Origin of such requests; every other origin is an instance's. */
    String ORIGIN = "";

    /** An answer; one to a request that nobody waits for any more is dropped. */
    void reply(RequestId request, Answer answer);
}
