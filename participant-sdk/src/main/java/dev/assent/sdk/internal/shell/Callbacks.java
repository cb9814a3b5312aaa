package dev.assent.sdk.internal.shell;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the application's own code that no thread of its own waits for. Threads apart from all others: code that blocks here
 * holds up its like and never a session, a timer or a step of a commit. Safe for use by several threads.
 */
public final class Callbacks implements Executor {
    private static final int THREADS = 32;
    private static final long IDLE_SECONDS = 30;

    private final Executor executor;
    private final Optional<ThreadPoolExecutor> own;

    /**
     * @param name of the threads
     * @param given used instead of threads of its own
     */
    public Callbacks(String name, Optional<Executor> given) {
        this.own = given.isPresent() ? Optional.empty() : Optional.of(pool(name));
        this.executor = given.orElseGet(own::orElseThrow);
    }

    /** Runs it there; on this thread if that takes no more work, since a stage that never completes would be worse. */
    @Override
    public void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            work.run();
        }
    }

    /** Takes no more work and waits for what was given, for at most so long. From one of its own threads it does not wait. */
    public void close(Duration patience) {
        own.ifPresent(pool -> close(pool, patience));
    }

    private static void close(ThreadPoolExecutor pool, Duration patience) {
        pool.shutdown();
        if (Thread.currentThread() instanceof CallbackThread) {
            return;
        }
        try {
            if (!pool.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadPoolExecutor pool(String name) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> new CallbackThread(work, name + "-callback-" + count.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static final class CallbackThread extends Thread {
        CallbackThread(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
        }
    }
}
