package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchSettings;
import dev.assent.protocol.coordinator.ShardSettings;
import dev.assent.protocol.time.Backoff;

/**
 * Classes of time, each a thousand times as long as the one before it: within a walk no class ever adds up to the next,
 * so which timers fire depends on what is armed and never on when it was armed. Two states that differ in times alone
 * are therefore the same state.
 */
final class Times {
    /** Timers may be fired by class: repetitions, waiting, timeouts, leases of numbers. */
    static final int LEVELS = 4;

    private static final long SESSION_NANOS = 1L << 8;
    private static final long REPEAT_NANOS = 1L << 10;
    private static final long WAIT_NANOS = 1L << 26;
    static final long TIMEOUT_NANOS = 1L << 37;
    private static final long LEASE_NANOS = 1L << 48;
    private static final long NEVER_NANOS = 1L << 61;

    /** How far the clock moves when a class fires; repetitions are spread up to 38 times their first pause. */
    private static final long[] SPANS = {SESSION_NANOS, 1L << 16, 1L << 27, 1L << 38, 1L << 49};

    static final ShardSettings SHARD = new ShardSettings(
            TIMEOUT_NANOS,
            TIMEOUT_NANOS,
            WAIT_NANOS,
            WAIT_NANOS,
            SESSION_NANOS,
            LEASE_NANOS,
            REPEAT_NANOS,
            TIMEOUT_NANOS,
            1L << 40,
            NEVER_NANOS,
            ShardSettings.DEFAULTS.forgetEveryNanos(),
            1_000);

    private static final Backoff REPEAT = new Backoff(REPEAT_NANOS, 4 * REPEAT_NANOS);

    static final BranchSettings BRANCH = new BranchSettings(
            REPEAT, REPEAT, REPEAT, REPEAT_NANOS, WAIT_NANOS, 1, WAIT_NANOS, WAIT_NANOS, REPEAT_NANOS, 1_000);

    private Times() {}

    /**
     * How far the clock moves.
     *
     * @param level 0 for session leases, 1 to {@value #LEVELS} for timers
     */
    static long spanNanos(int level) {
        return SPANS[level];
    }

    static String nameOf(int level) {
        return switch (level) {
            case 0 -> "session lease";
            case 1 -> "repetition";
            case 2 -> "end of waiting";
            case 3 -> "timeout";
            default -> "lease of numbers";
        };
    }
}
