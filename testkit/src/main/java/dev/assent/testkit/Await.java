package dev.assent.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must become true and says what was missing if it did not. */
public final class Await {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(10).toNanos();

    private Await() {}

    /**
     * Waits for a condition.
     *
     * @param what finishes the sentence "waited for …"
     * @throws IllegalStateException if it does not hold within that time
     */
    public static void that(String what, Duration patience, BooleanSupplier condition) {
        value(what, patience, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Waits until there is a value.
     *
     * @param what finishes the sentence "waited for …"
     * @throws IllegalStateException if there is none within that time
     */
    public static <T> T value(String what, Duration patience, Supplier<Optional<T>> source) {
        long endNanos = System.nanoTime() + patience.toNanos();
        Optional<T> value = source.get();
        while (value.isEmpty() && System.nanoTime() < endNanos) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting for " + what);
            }
            value = source.get();
        }
        return value.orElseThrow(() -> new IllegalStateException("waited " + patience + " in vain: " + what));
    }
}
