package dev.assent.benchmarks.micro;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of this module under JMH, each in JVMs of its own. Stateless. */
public final class MicroBenchmarks {
    /** What can be asked for. */
    public static final List<String> NAMES = List.of("fault-seam", "shard-core");

    private static final String SEAM = "FaultSeamBenchmark.seamWithoutPlan";
    private static final String NO_SEAM = "FaultSeamBenchmark.withoutSeam";
    private static final String BYTES = "gc.alloc.rate.norm";

    private MicroBenchmarks() {}

    /**
     * Runs one or all; takes about 20 s for each fork of each.
     *
     * @param name of one, or empty for all
     * @throws RunnerException if JMH cannot run them
     */
    public static List<MicroScore> run(String name, int forks) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(forks)
                .warmupIterations(4)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(10)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .jvmArgs("-Xmx512m")
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (name.isEmpty() || name.equals("fault-seam")) {
            options.include("FaultSeamBenchmark");
        }
        if (name.isEmpty() || name.equals("shard-core")) {
            options.include("ShardCoreBenchmark");
        }
        return new Runner(options.build())
                .run().stream().map(MicroBenchmarks::score).toList();
    }

    /** What is told as one benchmark's time divided by another's. */
    public static Map<String, Double> ratios(List<MicroScore> scores) {
        Map<String, Double> ratios = new TreeMap<>();
        Optional<MicroScore> with = find(scores, SEAM);
        Optional<MicroScore> without = find(scores, NO_SEAM);
        if (with.isPresent() && without.isPresent()) {
            ratios.put(
                    "seam without a plan / no seam",
                    with.get().bestNanos() / without.get().bestNanos());
        }
        return ratios;
    }

    private static Optional<MicroScore> find(List<MicroScore> scores, String benchmark) {
        return scores.stream()
                .filter(score -> score.benchmark().equals(benchmark))
                .findFirst();
    }

    private static MicroScore score(RunResult run) {
        Result<?> time = run.getPrimaryResult();
        String[] names = run.getParams().getBenchmark().split("\\.", -1);
        Result<?> bytes = run.getSecondaryResults().get(BYTES);
        return new MicroScore(
                names[names.length - 2] + "." + names[names.length - 1],
                time.getStatistics().getMin(),
                time.getScore(),
                time.getScoreError(),
                bytes == null ? Double.NaN : bytes.getScore());
    }
}
