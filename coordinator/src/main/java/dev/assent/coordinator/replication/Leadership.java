package dev.assent.coordinator.replication;

/**
 * Tells a listener of leadership won and lost, in an order that makes sense. Raft reports the two from different
 * threads: that term 5 became ready may arrive after term 5 was lost already, and a loop that believed it would lead a
 * term that somebody else may decide in. A readiness is therefore dropped if a loss of its term or a later one is known.
 *
 * <p>Thread-safe. The listener is called under the lock, which is why it must return at once.
 */
final class Leadership {
    private final LogListener listener;
    private long readyTerm;
    private long wonTerm;
    private long lostTerm;

    Leadership(LogListener listener) {
        this.listener = listener;
    }

    /** Everything of earlier terms is applied and this node leads in this term; it is announced by {@link #announce}. */
    synchronized void ready(long term) {
        readyTerm = Math.max(readyTerm, term);
    }

    /** Tells of a leadership that is ready, was not told yet and is not known to be lost. */
    synchronized void announce() {
        if (readyTerm > wonTerm && readyTerm > lostTerm) {
            wonTerm = readyTerm;
            listener.leadershipWon();
        }
    }

    /**
     * The leadership of this term or an earlier one ended.
     *
     * @param term the newest term known when it ended
     */
    synchronized void lost(long term) {
        lostTerm = Math.max(lostTerm, term);
        listener.leadershipLost();
    }

    /** Whether a readiness waits to be announced. */
    synchronized boolean isPending() {
        return readyTerm > wonTerm && readyTerm > lostTerm;
    }
}
