package dev.assent.protocol;

import java.util.List;

/**
 * How many calls of a transaction ran in which branch, as its initiator counted them: the account that {@code Commit()}
 * carries and that the coordinator compares with the votes, so that a call whose answer was lost, or that ran twice on
 * two instances, can never commit half a transaction in silence.
 *
 * @param branches sorted by branch, each once; at most {@value #MAX_BRANCHES}
 * @param isComplete false if a call passed through a hop without the SDK, or the initiator keeps no account: then only
 *     the branches named are compared
 */
public record CallSums(List<BranchCalls> branches, boolean isComplete) {
    /** Most branches of one transaction, so that a decision always fits a log record. */
    public static final int MAX_BRANCHES = 256;

    public static final CallSums NONE_KEPT = new CallSums(List.of(), false);

    public CallSums {
        branches = List.copyOf(branches);
        if (branches.size() > MAX_BRANCHES) {
            throw new IllegalArgumentException(
                    "a transaction has at most " + MAX_BRANCHES + " branches, not " + branches.size());
        }
        for (int i = 1; i < branches.size(); i++) {
            if (branches.get(i - 1).branch().compareTo(branches.get(i).branch()) >= 0) {
                throw new IllegalArgumentException("branches must be sorted and each be named once: " + branches);
            }
        }
    }

    /**
     * @param branch the branch
     * @param calls how many calls ran in it, at least 1
     */
    public record BranchCalls(BranchId branch, int calls) {
        public BranchCalls {
            if (calls < 1) {
                throw new IllegalArgumentException("calls must be at least 1, not " + calls);
            }
        }
    }
}
