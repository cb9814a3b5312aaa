package dev.assent.coordinator.config;

import java.time.Duration;

/**
 * How long transactions and their steps may take.
 *
 * @param timeout of a transaction that asks for none; default 30 s
 * @param timeoutCap the longest that a transaction may ask for; default 10 min
 * @param prepareTimeout how long a participant may take to vote, from the moment its prepare is sent; default 5 s, at
 *     least 50 ms; too short aborts healthy transactions under load, too long holds row locks for that time when a
 *     participant dies
 * @param applyWait how long a commit waits for the branches' confirmation before it is answered without them; default
 *     5 s
 * @param maxTransactions open transactions of one shard; further ones are refused until some have ended
 */
public record TransactionSettings(
        Duration timeout, Duration timeoutCap, Duration prepareTimeout, Duration applyWait, int maxTransactions) {

    public TransactionSettings {
        if (timeout.compareTo(timeoutCap) > 0) {
            throw new IllegalArgumentException("timeout " + timeout + " is over its cap " + timeoutCap);
        }
        if (prepareTimeout.compareTo(Duration.ofMillis(50)) < 0) {
            throw new IllegalArgumentException("prepare timeout must be at least 50 ms, not " + prepareTimeout);
        }
        if (timeout.isNegative() || timeout.isZero() || applyWait.isNegative() || maxTransactions < 1) {
            throw new IllegalArgumentException("times and the number of transactions must be positive");
        }
    }

    static TransactionSettings of(Settings settings) {
        return new TransactionSettings(
                settings.get(Keys.TIMEOUT),
                settings.get(Keys.TIMEOUT_CAP),
                settings.get(Keys.PREPARE_TIMEOUT),
                settings.get(Keys.APPLY_WAIT),
                settings.get(Keys.MAX_TRANSACTIONS));
    }
}
