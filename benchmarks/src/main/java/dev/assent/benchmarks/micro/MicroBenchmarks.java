package dev.assent.benchmarks.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks of this module under JMH, each in JVMs of its own and in turns: variants that are compared must meet
 * the same weather. Stateless.
 */
public final class MicroBenchmarks {
    /** What can be asked for. */
    public static final List<String> NAMES = List.of("fault-seam", "shard-core");

    private static final String SEAM = "FaultSeamBenchmark.seamWithoutPlan";
    private static final String PLAN = "FaultSeamBenchmark.seamWithPlan";
    private static final String NO_SEAM = "FaultSeamBenchmark.withoutSeam";
    private static final String CORE = "ShardCoreBenchmark.transaction";
    private static final String BYTES = "gc.alloc.rate.norm";

    private MicroBenchmarks() {}

    /**
     * Runs one or all; takes about 14 s for each round of each method.
     *
     * @param name of one, or empty for all
     * @param rounds JVMs for each
     * @throws RunnerException if JMH cannot run them
     */
    public static List<MicroScore> run(String name, int rounds) throws RunnerException {
        Map<String, List<List<IterationResult>>> byRound = new TreeMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String benchmark : benchmarks(name)) {
                byRound.computeIfAbsent(benchmark, key -> new ArrayList<>()).add(once(benchmark));
            }
        }
        return byRound.entrySet().stream()
                .map(entry -> score(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static List<String> benchmarks(String name) {
        return switch (name) {
            case "fault-seam" -> List.of(NO_SEAM, SEAM, PLAN);
            case "shard-core" -> List.of(CORE);
            default -> List.of(CORE, NO_SEAM, SEAM, PLAN);
        };
    }

    private static List<IterationResult> once(String benchmark) throws RunnerException {
        RunResult run = new Runner(new OptionsBuilder()
                        .include("\\." + benchmark.replace(".", "\\.") + "$")
                        .forks(1)
                        .warmupIterations(4)
                        .warmupTime(TimeValue.seconds(2))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .jvmArgs("-Xmx512m")
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        return run.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .toList();
    }

    /** Benchmarks that are told as a ratio. */
    public static Map<String, MicroRatio> ratios(List<MicroScore> scores) {
        Map<String, MicroRatio> ratios = new TreeMap<>();
        find(scores, NO_SEAM).ifPresent(base -> {
            find(scores, SEAM).ifPresent(seam -> ratios.put("seam without a plan / no seam", seam.over(base)));
            find(scores, PLAN).ifPresent(plan -> ratios.put("seam with a plan / no seam", plan.over(base)));
        });
        return ratios;
    }

    private static Optional<MicroScore> find(List<MicroScore> scores, String benchmark) {
        return scores.stream()
                .filter(score -> score.benchmark().equals(benchmark))
                .findFirst();
    }

    private static MicroScore score(String benchmark, List<List<IterationResult>> rounds) {
        List<Double> cpuNanos = rounds.stream()
                .map(round -> MicroScore.median(
                        round.stream().map(MicroBenchmarks::cpuNanos).toList()))
                .toList();
        double bytes = rounds.stream()
                .flatMap(List::stream)
                .mapToDouble(iteration -> told(iteration, BYTES))
                .average()
                .orElse(Double.NaN);
        return new MicroScore(benchmark, cpuNanos, bytes);
    }

    private static double cpuNanos(IterationResult iteration) {
        return told(iteration, "cpuNanos") / told(iteration, "operations");
    }

    private static double told(IterationResult iteration, String what) {
        Result<?> result = iteration.getSecondaryResults().get(what);
        if (result == null) {
            throw new IllegalStateException("JMH does not tell " + what);
        }
        return result.getScore();
    }
}
