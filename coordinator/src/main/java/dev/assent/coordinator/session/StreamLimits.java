package dev.assent.coordinator.session;

import java.time.Duration;

/**
 * What one stream may cost this node.
 *
 * @param unworkedBytes received and not yet worked off by the shards; above it the stream is not read
 * @param queuedBytes waiting for a process that does not read; a stream over it for longer than {@code patience}, or at
 *     any time over twice as much, is closed
 * @param patience how long a stream may stay over {@code queuedBytes}
 */
public record StreamLimits(long unworkedBytes, long queuedBytes, Duration patience) {
    /** 1 MiB, 8 MiB, 2 s. */
    public static final StreamLimits DEFAULTS = new StreamLimits(1 << 20, 8 << 20, Duration.ofSeconds(2));

    public StreamLimits {
        if (unworkedBytes < 1 || queuedBytes < 1 || patience.isNegative()) {
            throw new IllegalArgumentException("limits must be positive: " + unworkedBytes + ", " + queuedBytes);
        }
    }
}
