package dev.assent.simulation;

import org.jspecify.annotations.Nullable;

/** One execution of a call somewhere, for the judge: what it did must last exactly once, or not at all. */
final class CallRun {
    final long path;
    final boolean hasWrites;
    private @Nullable LocalTransaction work;
    /** Its caller was told that it succeeded, and counted it. */
    boolean isAccounted;

    CallRun(long path, boolean hasWrites) {
        this.path = path;
        this.hasWrites = hasWrites;
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
