package dev.assent.benchmarks.client;

import java.sql.SQLException;
import java.util.concurrent.CompletionStage;
import org.HdrHistogram.Recorder;

/**
 * Callers without think time: each begins its next transaction as soon as it knows the end of the one before. What they
 * see is recorded from begin to the caller's answer. Thread-safe.
 */
final class CallerLoop {
    private final Recorder nanos;
    private final Failures failures;
    private volatile boolean isStopped;

    CallerLoop(Recorder nanos, Failures failures) {
        this.nanos = nanos;
        this.failures = failures;
    }

    /** A transaction whose caller waits. */
    @FunctionalInterface
    interface Blocking {
        void transact() throws SQLException;
    }

    /** A transaction whose end is told. */
    @FunctionalInterface
    interface Async {
        CompletionStage<?> transact();
    }

    /** Starts so many threads that wait. */
    void startBlocking(int threads, Blocking door) {
        for (int i = 0; i < threads; i++) {
            Thread caller = new Thread(() -> runBlocking(door), "caller-" + i);
            caller.setDaemon(true);
            caller.start();
        }
    }

    private void runBlocking(Blocking door) {
        while (!isStopped) {
            long beganNanos = System.nanoTime();
            try {
                door.transact();
                nanos.recordValue(System.nanoTime() - beganNanos);
            } catch (SQLException | RuntimeException e) {
                failures.add(e);
            }
        }
    }

    /** Starts so many transactions; no thread waits for any of them. */
    void startAsync(int inFlight, Async door) {
        for (int i = 0; i < inFlight; i++) {
            next(door);
        }
    }

    private void next(Async door) {
        if (isStopped) {
            return;
        }
        long beganNanos = System.nanoTime();
        // Every transaction waits for a node at least once, so this never recurses without end.
        CompletionStage<?> unused = door.transact().whenComplete((done, failure) -> {
            if (failure == null) {
                nanos.recordValue(System.nanoTime() - beganNanos);
            } else {
                failures.add(failure);
            }
            next(door);
        });
    }

    /** Begins nothing more; what is under way goes on. */
    void stop() {
        isStopped = true;
    }
}
