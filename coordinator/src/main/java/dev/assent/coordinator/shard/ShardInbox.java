package dev.assent.coordinator.shard;

import dev.assent.protocol.coordinator.Input;
import java.util.List;

/** Where everything for a shard arrives, from any thread. Offering never blocks and never fails. */
public interface ShardInbox {
    /** The shard, from 0. */
    int shard();

    /**
     * Hands over what came in one message; it is worked off in order. Callers bound what they offer: a stream stops
     * reading and a call is refused while too much of theirs waits.
     *
     * @param done run by the shard's thread when the inputs are worked off; must return at once
     */
    void offer(List<Input> inputs, Runnable done);
}
