package dev.assent.simulation;

import dev.assent.protocol.fault.FaultPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/** Many seeds, one after another on as many threads as there are processors. Each is a world of its own. */
public final class SeedBlock {
    /** One world in so many is run twice, and its hashes must be equal. */
    private static final long TWICE_EVERY = 20;
    /** One world in so many has its coverage measured, which is slow. */
    private static final long COVERED_EVERY = 16;

    private final long first;
    private final long count;
    private final int transactions;
    private final int mostFailures;
    private final AtomicLong next = new AtomicLong();
    private final AtomicReference<Throwable> own = new AtomicReference<>();
    private final List<RunResult> failures = Collections.synchronizedList(new ArrayList<>());
    private final Totals totals = new Totals();

    /**
     * @param first the first seed; the others follow it
     * @param transactions of each world
     * @param mostFailures after so many worlds that did not hold the block ends
     */
    public SeedBlock(long first, long count, int transactions, int mostFailures) {
        this.first = first;
        this.count = count;
        this.transactions = transactions;
        this.mostFailures = mostFailures;
    }

    /**
     * Runs all.
     *
     * @param threads at least 1
     * @param progress is told from time to time how many seeds are done, by any thread
     * @throws IllegalStateException if the simulator itself broke
     */
    public BlockResult run(int threads, LongConsumer progress) throws InterruptedException {
        long begun = System.nanoTime();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(() -> work(progress), "assent-simulator-" + i);
            worker.setDaemon(true);
            worker.start();
            workers.add(worker);
        }
        for (Thread worker : workers) {
            worker.join();
        }
        Throwable broken = own.get();
        if (broken != null) {
            throw new IllegalStateException("the simulator broke: " + broken, broken);
        }
        return totals.result(List.copyOf(failures), (System.nanoTime() - begun) / 1e9);
    }

    private void work(LongConsumer progress) {
        try {
            for (long n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                if (failures.size() >= mostFailures || own.get() != null) {
                    return;
                }
                one(first + n);
                if (n % 64 == 63) {
                    progress.accept(totals.seeds());
                }
            }
        } catch (Error | RuntimeException broken) {
            // Whatever it is: a worker that dies in silence leaves a block that looks as if it had held.
            own.compareAndSet(null, broken);
        }
    }

    private void one(long seed) {
        Plan plan = Plan.of(seed, transactions);
        RunResult result;
        try {
            result = Simulation.run(
                    plan, seed % COVERED_EVERY == 0 ? Simulation.Watch.COVERAGE : Simulation.Watch.NOTHING);
            if (seed % TWICE_EVERY == 0) {
                long again = Simulation.run(plan).hash();
                if (again != result.hash()) {
                    throw new IllegalStateException("seed " + seed + " is not a function of itself");
                }
            }
        } catch (AssertionError | RuntimeException broken) {
            throw new IllegalStateException("seed " + seed + ": " + broken, broken);
        }
        totals.add(result);
        if (!result.isHeld()) {
            failures.add(result);
        }
    }

    /** What a block has come to. Thread-safe. */
    private static final class Totals {
        private final Map<FaultKind, Long> faults = new EnumMap<>(FaultKind.class);
        private final Map<FaultPoint, PointCount> points = new EnumMap<>(FaultPoint.class);
        private final Map<Mark, Long> marks = Marks.none();
        private Visited visited = Visited.NONE;
        private long seeds;
        private long begun;
        private long events;
        private long virtualNanos;

        synchronized long seeds() {
            return seeds;
        }

        synchronized void add(RunResult result) {
            seeds++;
            begun += result.begun();
            events += result.events();
            virtualNanos += result.virtualNanos();
            result.faults().forEach((kind, n) -> faults.merge(kind, n, Long::sum));
            result.points().forEach((point, count) -> points.merge(point, count, PointCount::plus));
            result.marks().forEach(mark -> marks.merge(mark, 1L, Long::sum));
            visited = visited.and(result.visited());
        }

        synchronized BlockResult result(List<RunResult> failures, double seconds) {
            return new BlockResult(
                    seeds,
                    begun,
                    events,
                    virtualNanos,
                    seconds,
                    Map.copyOf(faults),
                    Map.copyOf(points),
                    Map.copyOf(marks),
                    visited,
                    failures);
        }
    }
}
