package dev.assent.protocol.coordinator;

import dev.assent.protocol.Xid;

/**
 * When a command is repeated next: after a first pause, then after twice as long each time, up to 30 times the first
 * pause, spread by up to a quarter so that thousands of transactions do not repeat in the same instant.
 *
 * @param attempts how often it was sent
 * @param nextNanos when it is sent again
 */
record Retry(int attempts, long nextNanos) {
    private static final int LONGEST = 30;

    /** After the first sending. */
    static Retry first(long firstPauseNanos, long nowNanos) {
        return new Retry(1, nowNanos + firstPauseNanos);
    }

    boolean isDue(long nowNanos) {
        return nowNanos >= nextNanos;
    }

    /** After one more sending. */
    Retry again(Xid xid, long firstPauseNanos, long nowNanos) {
        long factor = attempts >= 5 ? LONGEST : Math.min(1L << attempts, LONGEST);
        long pause = firstPauseNanos * factor;
        // Spread by the number, not by chance: the core must give the same effects in every run.
        long spread = pause / 4 / 64 * ((xid.seq() * 31 + attempts * 17L) & 63);
        return new Retry(attempts + 1, nowNanos + pause + spread);
    }
}
