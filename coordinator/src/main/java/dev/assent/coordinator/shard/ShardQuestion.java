package dev.assent.coordinator.shard;

/** Reads something from a shard's core on the shard's thread; must be quick, pure, and keep no reference to the core. */
@FunctionalInterface
public interface ShardQuestion<T> {
    T ask(Core core, long nowNanos);
}
