package dev.assent.sdk.internal.branch;

/** What happens on a branch's handles that concerns the whole transaction. Does not block. */
@FunctionalInterface
public interface BranchEvents {
    /** Work of the branch was undone or lost: the transaction can no longer commit. */
    void doomed(String reason);
}
