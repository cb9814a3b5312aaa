package dev.assent.benchmarks.load;

import dev.assent.cli.Progress;
import dev.assent.testkit.ChildJvm;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets time pass while others work, and says how much is left: the less it does, the less it takes from them. */
final class Wait {
    private final Progress progress;
    private final ChildJvm client;

    Wait(Progress progress, ChildJvm client) {
        this.progress = progress;
        this.client = client;
    }

    /**
     * Returns after so long.
     *
     * @throws IllegalStateException if the client ends meanwhile
     */
    void through(String what, Duration duration) {
        long endNanos = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = endNanos - System.nanoTime()) {
            if (!client.isAlive()) {
                throw new IllegalStateException("the client ended:\n" + client.tail());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted");
            }
            progress.update(what + ", " + TimeUnit.NANOSECONDS.toSeconds(left + 999_999_999L) + " s left");
            LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }
}
