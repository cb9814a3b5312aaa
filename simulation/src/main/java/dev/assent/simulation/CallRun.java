package dev.assent.simulation;

import org.jspecify.annotations.Nullable;

/** One execution of a call somewhere, for the judge: what it did must last exactly once, or not at all. */
final class CallRun {
    final long path;
    final boolean hasWrites;
    private @Nullable LocalTransaction work;
    private final @Nullable CallRun caller;
    private boolean isCounted;
    private boolean isUndone;

    /**
     * @param caller the run that made the call; null if the initiator did
     */
    CallRun(@Nullable CallRun caller, long path, boolean hasWrites) {
        this.caller = caller;
        this.path = path;
        this.hasWrites = hasWrites;
    }

    /** Its caller was told that it succeeded, and counted it. */
    void counted() {
        isCounted = true;
    }

    /** Whether everybody up to the initiator has counted it. */
    boolean isAccounted() {
        CallRun above = caller;
        return isCounted && (above == null || above.isAccounted());
    }

    /** What it did was undone, and nothing but that should have been. */
    void undone() {
        isUndone = true;
    }

    /** Whether work of it should be there as long as its local transaction is. */
    boolean isToLast() {
        return hasWrites && !isUndone;
    }

    void worksIn(LocalTransaction transaction) {
        work = transaction;
        if (hasWrites) {
            transaction.runs.add(this);
        }
    }

    @Nullable
    LocalTransaction work() {
        return work;
    }
}
