package dev.assent.coordinator.shard;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the one thread that works off a queue, and never too late: the hazard is a producer that offers just while the
 * consumer falls asleep.
 *
 * <p>A producer adds to its queue and then calls {@link #schedule()}. Only the one that turns {@code scheduled} from
 * false to true sets {@code run}, and unparks only a consumer that announced to park. The consumer, after announcing,
 * looks at {@code run} once more before it parks; so either it sees {@code run}, or the producer sees {@code parked}.
 * After a turn the consumer clears {@code scheduled} first and looks at its queue afterwards: what was offered before that
 * look is found by it, what is offered later schedules anew.
 */
final class WakeUp {
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean run;
    private volatile boolean parked;
    private volatile @Nullable Thread consumer;

    /** Names the consumer, once, by itself and before it waits. */
    void bindToCurrentThread() {
        consumer = Thread.currentThread();
    }

    /** There is something in the queue. Any thread, after adding it. */
    void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            run = true;
            if (parked) {
                LockSupport.unpark(consumer);
            }
        }
    }

    /**
     * Waits until something was scheduled, the time is over, or for no reason; consumer only.
     *
     * @param timeoutNanos {@link Long#MAX_VALUE} waits without limit; 0 or less does not wait
     */
    void await(long timeoutNanos) {
        if (!run && timeoutNanos > 0) {
            parked = true;
            if (!run) {
                park(timeoutNanos);
            }
            parked = false;
        }
        run = false;
    }

    /** A turn is over; consumer only. The caller schedules again if its queue is not empty. */
    void turnEnded() {
        scheduled.set(false);
    }

    private void park(long timeoutNanos) {
        if (timeoutNanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, timeoutNanos);
        }
    }
}
