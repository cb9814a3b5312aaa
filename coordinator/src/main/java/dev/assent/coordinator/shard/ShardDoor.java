package dev.assent.coordinator.shard;

import java.util.concurrent.CompletableFuture;

/** A shard of this node, as those who serve requests see it. Thread-safe; nothing blocks. */
public interface ShardDoor extends ShardInbox {
    /** Term in which this node leads the shard and is ready; 0 if it does not. May be out of date when it is read. */
    long readyTerm();

    /**
     * Asks on the shard's thread.
     *
     * @return completed on another thread; exceptionally with {@link ShardStoppedException} if the shard has stopped
     */
    <T> CompletableFuture<T> query(ShardQuestion<T> question);
}
