package dev.assent.coordinator.config;

import java.time.Duration;

/**
 * The replicated log.
 *
 * @param electionTimeoutMin a follower that hears nothing for a random time between this and the maximum stands for
 *     election; default 500 ms; shorter makes healthy leaders fall on busy machines
 * @param electionTimeoutMax default 1 s
 * @param logBoundBytes how far a shard's log may grow before a snapshot replaces it; default 256 MiB
 */
public record RaftSettings(Duration electionTimeoutMin, Duration electionTimeoutMax, long logBoundBytes) {
    public RaftSettings {
        if (electionTimeoutMin.toMillis() < 1 || electionTimeoutMin.compareTo(electionTimeoutMax) >= 0) {
            throw new IllegalArgumentException("election timeouts must be positive and the minimum below the maximum: "
                    + electionTimeoutMin + ", " + electionTimeoutMax);
        }
        if (logBoundBytes < 1) {
            throw new IllegalArgumentException("log bound must be positive, not " + logBoundBytes);
        }
    }

    static RaftSettings of(Settings settings) {
        return new RaftSettings(
                settings.get(Keys.ELECTION_TIMEOUT_MIN),
                settings.get(Keys.ELECTION_TIMEOUT_MAX),
                settings.get(Keys.LOG_BOUND));
    }
}
