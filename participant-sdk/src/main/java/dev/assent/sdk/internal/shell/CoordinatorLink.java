package dev.assent.sdk.internal.shell;

import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;

/**
 * The way to the leaders of the shards. Neither method blocks or fails: what finds no leader is dropped, and the cores
 * repeat it. Safe for use by several threads; words of one thread to one shard keep their order.
 */
public interface CoordinatorLink {
    /** Tells the leader of the shard. */
    void tell(int shard, Notice notice);

    /** Asks the leader of the shard; the answer comes back with the number. */
    void ask(int shard, long number, Request request);
}
