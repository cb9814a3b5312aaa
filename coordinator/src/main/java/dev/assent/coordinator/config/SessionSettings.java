package dev.assent.coordinator.config;

import java.time.Duration;

/**
 * How long processes may be silent and blocks of numbers may be held.
 *
 * @param sessionLease how long a process that says nothing counts as alive; default 10 s; its branches without a vote
 *     are aborted after that
 * @param leaseTime how long a process may hold a block of transaction numbers; default 10 min
 */
public record SessionSettings(Duration sessionLease, Duration leaseTime) {
    public SessionSettings {
        if (sessionLease.toMillis() < 1 || leaseTime.toMillis() < 1) {
            throw new IllegalArgumentException("leases must be positive: " + sessionLease + ", " + leaseTime);
        }
    }

    static SessionSettings of(Settings settings) {
        return new SessionSettings(settings.get(Keys.SESSION_LEASE), settings.get(Keys.LEASE_TIME));
    }
}
