package dev.assent.sdk.internal.jdbc;

/**
 * A piece of work that is undone as a whole if it fails, in every branch that it touched. Only its identity matters here.
 * Safe for use by several threads.
 */
public final class Attempted {
    private volatile boolean isOver;

    /** It has ended, whichever way: a statement that runs later is no part of it. */
    public void over() {
        isOver = true;
    }

    public boolean isOver() {
        return isOver;
    }
}
