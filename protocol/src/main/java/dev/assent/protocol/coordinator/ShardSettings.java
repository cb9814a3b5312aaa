package dev.assent.protocol.coordinator;

import java.time.Duration;

/**
 * What an operator decides about a shard; the same on every node.
 *
 * @param timeoutNanos of a transaction that names none; default 30 s
 * @param timeoutCapNanos the longest timeout; default 10 min
 * @param prepareTimeoutNanos how long a participant may take to vote, from the moment its prepare is sent; default 5 s,
 *     at least 50 ms. Too short aborts healthy transactions under load, too long holds row locks for that time when a
 *     participant dies
 * @param applyWaitNanos how long a commit that is to be answered after it is applied waits for acknowledgements;
 *     default 5 s
 * @param sessionLeaseNanos how long an instance may be silent before it is taken for dead; default 10 s
 * @param leaseNanos how long a block of numbers may be used; default 10 min
 * @param retryNanos the first pause before a command is repeated, and before another instance of the resource is asked
 *     too; default 1 s, doubling up to 30 times as much
 * @param abortPatienceNanos how long Abort is repeated; afterwards the branches ask; default 30 s
 * @param outcomeMemoryBytes how much memory the outcomes of ended transactions may take; default 64 MiB
 * @param outcomeRetentionNanos how long an outcome is remembered at least; default 1 h
 * @param forgetEveryNanos how often it is looked for outcomes that may be forgotten; default 10 s
 * @param maxTransactions most transactions open at once; default 100,000
 */
public record ShardSettings(
        long timeoutNanos,
        long timeoutCapNanos,
        long prepareTimeoutNanos,
        long applyWaitNanos,
        long sessionLeaseNanos,
        long leaseNanos,
        long retryNanos,
        long abortPatienceNanos,
        long outcomeMemoryBytes,
        long outcomeRetentionNanos,
        long forgetEveryNanos,
        int maxTransactions) {
    public static final ShardSettings DEFAULTS = new ShardSettings(
            Duration.ofSeconds(30).toNanos(),
            Duration.ofMinutes(10).toNanos(),
            Duration.ofSeconds(5).toNanos(),
            Duration.ofSeconds(5).toNanos(),
            Duration.ofSeconds(10).toNanos(),
            Duration.ofMinutes(10).toNanos(),
            Duration.ofSeconds(1).toNanos(),
            Duration.ofSeconds(30).toNanos(),
            64L << 20,
            Duration.ofHours(1).toNanos(),
            Duration.ofSeconds(10).toNanos(),
            100_000);

    public ShardSettings {
        requirePositive("timeout", timeoutNanos);
        requirePositive("prepare timeout", prepareTimeoutNanos);
        requirePositive("session lease", sessionLeaseNanos);
        requirePositive("lease time", leaseNanos);
        requirePositive("retry pause", retryNanos);
        requirePositive("pause between two rounds of forgetting", forgetEveryNanos);
        requirePositive("most transactions", maxTransactions);
        if (timeoutCapNanos < timeoutNanos) {
            throw new IllegalArgumentException("the cap of timeouts is below the default timeout");
        }
    }

    private static void requirePositive(String what, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " must be positive, not " + value);
        }
    }

    /** The timeout in force for a wish; 0 means none was made. */
    long timeoutFor(long wishedNanos) {
        return wishedNanos <= 0 ? timeoutNanos : Math.min(wishedNanos, timeoutCapNanos);
    }
}
