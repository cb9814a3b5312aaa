package dev.assent.benchmarks.client;

import dev.assent.sdk.Assent;
import dev.assent.sdk.AssentBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * The load as a process of its own: {@code <coordinators> <pids of the nodes, with commas> <plan …>}. Prints {@code
 * WARM-UP}, {@code MEASURING} and, at the end, {@code MEASURED} with a {@link Measured}. Takes the CPU times itself, so that
 * they belong to the same window as the transactions.
 */
public final class ClientProcess {
    private static final int SIGNIFICANT_DIGITS = 3;

    private ClientProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        String coordinators = arguments[0];
        List<Long> nodes =
                Stream.of(arguments[1].split(",", -1)).map(Long::valueOf).toList();
        LoadPlan plan = LoadPlan.parse(Arrays.asList(arguments).subList(2, arguments.length));
        Recorder nanos = new Recorder(SIGNIFICANT_DIGITS);
        Failures failures = new Failures();
        CallerLoop callers = new CallerLoop(nanos, failures);
        try (Assent assent = start(coordinators, plan, callers)) {
            say("WARM-UP");
            pass(plan.warmUpSeconds());
            say("MEASURING");
            Histogram before = nanos.getIntervalHistogram();
            failures.clear();
            CpuClock cpu = CpuClock.start(nodes);
            long beganNanos = System.nanoTime();
            pass(plan.seconds());
            double seconds = (System.nanoTime() - beganNanos) / 1e9;
            CpuClock.Spent spent = cpu.spent();
            Histogram histogram = nanos.getIntervalHistogram(before);
            callers.stop();
            say("MEASURED " + Measured.of(seconds, histogram, failures, spent).line());
        }
        System.exit(0);
    }

    private static Assent start(String coordinators, LoadPlan plan, CallerLoop callers) {
        AssentBuilder builder = Assent.builder("bench").coordinators(coordinators);
        names(plan).forEach(name -> builder.resource(name, new EmptyResource()));
        Assent assent = builder.start();
        Door door = new Door(
                assent,
                plan.options(),
                names(plan).stream().map(assent::dataSource).toList());
        if (plan.callers() == LoadPlan.Callers.ASYNC) {
            callers.startAsync(plan.threads(), door::transactAsync);
        } else {
            callers.startBlocking(plan.threads(), door::transact);
        }
        return assent;
    }

    private static List<String> names(LoadPlan plan) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= plan.branches(); i++) {
            names.add("empty-" + i);
        }
        return names;
    }

    private static void pass(int seconds) throws InterruptedException {
        // Nothing ever counts it down: a clock that can be interrupted.
        boolean unused = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
