package dev.assent.sdk.internal.shell;

/**
 * The time that the cores of this process live by: nanoseconds since the clock was made, so that deadlines can be compared
 * with {@code <}, which {@link System#nanoTime()} alone does not allow: its origin is arbitrary and may be negative.
 */
public final class MonotonicClock {
    private final long originNanos = System.nanoTime();

    /** Nanoseconds since this clock was made; never decreases. */
    public long nowNanos() {
        return System.nanoTime() - originNanos;
    }
}
