package dev.assent.coordinator.shard;

import java.util.function.LongSupplier;

/**
 * The loop's two clocks.
 *
 * @param monotonicNanos never goes back within this process; every deadline is measured by it
 * @param wallMillis milliseconds since 1970, for people; nothing is decided by it
 */
public record Clocks(LongSupplier monotonicNanos, LongSupplier wallMillis) {
    /** The machine's. */
    public static Clocks system() {
        // Starts at 0, so that adding a timeout to it cannot overflow and plain comparison is right.
        long origin = System.nanoTime();
        return new Clocks(() -> System.nanoTime() - origin, System::currentTimeMillis);
    }
}
