package dev.assent.protocol.branch;

import dev.assent.protocol.time.Backoff;

/**
 * The times by which branches go.
 *
 * @param enlist between two enlistments of a branch that nobody answers
 * @param ask between two questions of a branch in doubt
 * @param retry between two attempts to commit or roll back a prepared branch that is busy
 * @param stuckAskNanos between two questions of a branch that only an operator can settle
 * @param prepareTimeoutNanos how long Prepare waits for a business call that is still open in the branch
 * @param expiryGraceNanos how long after the transaction's timeout a branch that was not asked to vote aborts by itself;
 *     too short, and a slow clock here aborts what the coordinator would still have committed
 * @param recoveryEveryNanos between two listings of what the databases hold prepared, and of the oldest evidence rows
 * @param recoveryGraceNanos how long a branch that another instance prepared must have been seen before it is asked
 *     about: that instance is probably alive and about to hear the decision itself
 * @param removeAfterNanos how long rows that may go are gathered before they are removed together
 * @param rememberedCount how many branches that ended are remembered with their vote, so that a repeated Prepare gets
 *     the same vote again
 */
public record BranchSettings(
        Backoff enlist,
        Backoff ask,
        Backoff retry,
        long stuckAskNanos,
        long prepareTimeoutNanos,
        long expiryGraceNanos,
        long recoveryEveryNanos,
        long recoveryGraceNanos,
        long removeAfterNanos,
        int rememberedCount) {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    public static final BranchSettings DEFAULTS = new BranchSettings(
            new Backoff(500 * MILLI, 5 * SECOND),
            new Backoff(2 * SECOND, 30 * SECOND),
            new Backoff(100 * MILLI, 10 * SECOND),
            60 * SECOND,
            5 * SECOND,
            2 * SECOND,
            10 * SECOND,
            10 * SECOND,
            200 * MILLI,
            65_536);

    public BranchSettings {
        check("stuckAskNanos", stuckAskNanos);
        check("prepareTimeoutNanos", prepareTimeoutNanos);
        check("expiryGraceNanos", expiryGraceNanos);
        check("recoveryEveryNanos", recoveryEveryNanos);
        check("recoveryGraceNanos", recoveryGraceNanos);
        check("removeAfterNanos", removeAfterNanos);
        check("rememberedCount", rememberedCount);
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
