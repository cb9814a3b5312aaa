package dev.assent.sdk.internal.shell;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes blocking steps: those of one key in order, those of different keys in parallel, on a bounded number of threads.
 *
 * <p>There are two lanes with threads of their own, so that branches that wait in Prepare for somebody's statement can
 * never keep others from committing, which frees the very locks that the statement may be waiting for.
 *
 * <p>Safe for use by several threads.
 */
public final class SerialSteps implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SerialSteps.class);
    private static final long IDLE_SECONDS = 30;

    /** Which threads take a step. */
    public enum Lane {
        /** Steps before the vote; they may wait for the application. */
        PREPARING,
        /** Steps after the decision, and recovery; they wait for the database alone. */
        FINISHING
    }

    private record Step(Lane lane, Runnable work) {}

    private final Map<Lane, ThreadPoolExecutor> lanes = new EnumMap<>(Lane.class);
    private final Map<Object, Queue<Step>> queues = new HashMap<>();

    /**
     * @param name of the threads
     * @param threads of each lane, at most
     */
    public SerialSteps(String name, int threads) {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, pool(name + "-" + (lane == Lane.PREPARING ? "prepare" : "finish"), threads));
        }
    }

    /**
     * Adds a step behind those of the same key.
     *
     * @throws java.util.concurrent.RejectedExecutionException after {@link #close()}
     */
    public void add(Object key, Lane lane, Runnable work) {
        Step step = new Step(lane, work);
        boolean isFirst;
        synchronized (queues) {
            Queue<Step> queue = queues.computeIfAbsent(key, k -> new ArrayDeque<>(2));
            isFirst = queue.isEmpty();
            queue.add(step);
        }
        if (isFirst) {
            submit(key, step);
        }
    }

    /** Runs something of no order on the finishing lane, at the next free thread. */
    public void now(Runnable work) {
        pool(Lane.FINISHING).execute(() -> run(work));
    }

    private void submit(Object key, Step first) {
        try {
            pool(first.lane).execute(() -> drain(key, first));
        } catch (RuntimeException e) {
            synchronized (queues) {
                queues.remove(key);
            }
            throw e;
        }
    }

    private void drain(Object key, Step first) {
        Step step = first;
        while (true) {
            run(step.work);
            Step next = following(key);
            if (next == null) {
                return;
            }
            if (next.lane != step.lane) {
                submit(key, next);
                return;
            }
            step = next;
        }
    }

    private @Nullable Step following(Object key) {
        synchronized (queues) {
            Queue<Step> queue = queues.get(key);
            if (queue == null) {
                return null;
            }
            queue.remove();
            Step next = queue.peek();
            if (next == null) {
                queues.remove(key);
            }
            return next;
        }
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("A step in the database failed in an unforeseen way; recovery will find what it left", e);
        }
    }

    /** Takes no more steps and waits for those at work, for at most so long; then interrupts them. */
    public void close(long waitMillis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        lanes.values().forEach(ThreadPoolExecutor::shutdown);
        for (ThreadPoolExecutor lane : lanes.values()) {
            try {
                if (!lane.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    lane.shutdownNow();
                }
            } catch (InterruptedException e) {
                lane.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        close(0);
    }

    private ThreadPoolExecutor pool(Lane lane) {
        ThreadPoolExecutor pool = lanes.get(lane);
        if (pool == null) {
            throw new AssertionError("every lane has its threads");
        }
        return pool;
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
