package dev.assent.sdk.internal.session;

import java.time.Duration;

/**
 * How streams are kept.
 *
 * @param firstBackoff wait after the first failed attempt; doubles with each further one, shortened by chance by up to
 *     a half so that processes do not come back all at once
 * @param lastBackoff longest wait; also how long a stream must have lived to start anew with {@code firstBackoff}
 * @param refusedBackoff wait after a refusal that asking again does not cure
 * @param welcomeTimeout how long an attempt may take, from dialling to the node's welcome
 * @param closeTimeout how long closing may wait for goodbyes
 * @param outboxBytes waiting for a node that does not read; above it the stream is closed and opened anew
 */
public record SessionSettings(
        Duration firstBackoff,
        Duration lastBackoff,
        Duration refusedBackoff,
        Duration welcomeTimeout,
        Duration closeTimeout,
        long outboxBytes) {
    /** 100 ms to 2 s, 10 s, 5 s, 2 s, 16 MiB. */
    public static final SessionSettings DEFAULTS = new SessionSettings(
            Duration.ofMillis(100),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            16L << 20);

    public SessionSettings {
        if (firstBackoff.toMillis() < 1 || lastBackoff.compareTo(firstBackoff) < 0) {
            throw new IllegalArgumentException(
                    "backoff must be at least 1 ms and not shrink: " + firstBackoff + ", " + lastBackoff);
        }
        if (refusedBackoff.toMillis() < 1 || welcomeTimeout.toMillis() < 1 || closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "durations must be at least 1 ms: " + refusedBackoff + ", " + welcomeTimeout + ", " + closeTimeout);
        }
        if (outboxBytes < 1) {
            throw new IllegalArgumentException("outboxBytes must be positive, not " + outboxBytes);
        }
    }
}
