package dev.assent.coordinator.config;

import java.time.Duration;

/**
 * How long outcomes are remembered.
 *
 * @param memoryBytes what the outcomes of one shard may take; default 64 MiB, hundreds of millions of transactions
 * @param retention outcomes younger than this are never forgotten; default 1 h
 */
public record OutcomeSettings(long memoryBytes, Duration retention) {
    public OutcomeSettings {
        if (memoryBytes < 1 || retention.isNegative()) {
            throw new IllegalArgumentException(
                    "memory of outcomes must be positive: " + memoryBytes + ", " + retention);
        }
    }

    static OutcomeSettings of(Settings settings) {
        return new OutcomeSettings(settings.get(Keys.OUTCOME_MEMORY), settings.get(Keys.OUTCOME_RETENTION));
    }
}
