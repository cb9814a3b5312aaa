package dev.assent.coordinator.observe;

import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;

/**
 * Hears what a shard's loop does, on the shard's thread: implementations return at once and never throw. One observer
 * may serve several shards, so it must be thread-safe. Every method does nothing by default.
 */
public interface ShardObserver {
    /** Observes nothing. */
    ShardObserver NONE = new ShardObserver() {};

    /** An input is about to reach the core. */
    default void input(int shard, Input input, long nowNanos) {}

    /** The core wants something done; nothing of it has been done yet. */
    default void effect(int shard, Effect effect, long nowNanos) {}

    /** Records were submitted as one entry of the log, for the first time or again. */
    default void packSubmitted(int shard, List<LogRecord> records) {}

    /**
     * A turn is over.
     *
     * @param items messages and log events that were worked off in it
     * @param effects what the core wanted
     */
    default void turnEnded(int shard, int items, int effects) {}

    /** Both, one after the other. */
    static ShardObserver both(ShardObserver first, ShardObserver second) {
        return new ShardObserver() {
            @Override
            public void input(int shard, Input input, long nowNanos) {
                first.input(shard, input, nowNanos);
                second.input(shard, input, nowNanos);
            }

            @Override
            public void effect(int shard, Effect effect, long nowNanos) {
                first.effect(shard, effect, nowNanos);
                second.effect(shard, effect, nowNanos);
            }

            @Override
            public void packSubmitted(int shard, List<LogRecord> records) {
                first.packSubmitted(shard, records);
                second.packSubmitted(shard, records);
            }

            @Override
            public void turnEnded(int shard, int items, int effects) {
                first.turnEnded(shard, items, effects);
                second.turnEnded(shard, items, effects);
            }
        };
    }
}
