package dev.assent.benchmarks.micro;

import java.util.Arrays;
import java.util.List;

/**
 * What one benchmark gave.
 *
 * @param benchmark its class and method, without packages
 * @param cpuNanosByRound CPU time of an operation: the median of each round's iterations, in the order of the rounds
 * @param bytes allocated by an operation
 */
public record MicroScore(String benchmark, List<Double> cpuNanosByRound, double bytes) {
    public MicroScore {
        cpuNanosByRound = List.copyOf(cpuNanosByRound);
    }

    /** The median of the rounds. */
    public double cpuNanos() {
        return median(cpuNanosByRound);
    }

    /**
     * This one's CPU time divided by another's, round by round, since the weather of a machine changes more from round to
     * round than within one. What the rounds do not agree on is not known.
     */
    public MicroRatio over(MicroScore other) {
        double[] ratios = new double[cpuNanosByRound.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = cpuNanosByRound.get(round) / other.cpuNanosByRound.get(round);
        }
        List<Double> all = Arrays.stream(ratios).boxed().toList();
        return new MicroRatio(
                median(all),
                Arrays.stream(ratios).min().orElse(Double.NaN),
                Arrays.stream(ratios).max().orElse(Double.NaN));
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
