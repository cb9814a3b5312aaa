package dev.assent.benchmarks.client;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.HdrHistogram.Histogram;

/**
 * What the client saw within the measured window, on one line of its output.
 *
 * @param seconds how long the window was
 * @param committed transactions that committed in it
 * @param failed transactions that did not, or of which nobody knows
 * @param firstFailure what the first of these said; empty if there is none
 * @param p50Micros half of the commits took at most this long, from begin to the caller's answer
 * @param p99Micros 99 of 100
 * @param p999Micros 999 of 1,000
 * @param clientCpuSeconds CPU time of the client's process in the window
 * @param nodeCpuSeconds CPU time of each node's process, in the order of the cluster's nodes
 */
public record Measured(
        double seconds,
        long committed,
        long failed,
        String firstFailure,
        long p50Micros,
        long p99Micros,
        long p999Micros,
        double clientCpuSeconds,
        List<Double> nodeCpuSeconds) {
    private static final char SEPARATOR = '\t';

    public Measured {
        nodeCpuSeconds = List.copyOf(nodeCpuSeconds);
    }

    static Measured of(double seconds, Histogram nanos, Failures failures, CpuClock.Spent spent) {
        return new Measured(
                seconds,
                nanos.getTotalCount(),
                failures.count(),
                failures.first(),
                nanos.getValueAtPercentile(50) / 1_000,
                nanos.getValueAtPercentile(99) / 1_000,
                nanos.getValueAtPercentile(99.9) / 1_000,
                spent.ownSeconds(),
                spent.otherSeconds());
    }

    /** One line, for {@link #parse}. */
    String line() {
        StringJoiner line = new StringJoiner(String.valueOf(SEPARATOR));
        line.add(Double.toString(seconds))
                .add(Long.toString(committed))
                .add(Long.toString(failed))
                .add(firstFailure.replaceAll("\\p{Cntrl}", " "))
                .add(Long.toString(p50Micros))
                .add(Long.toString(p99Micros))
                .add(Long.toString(p999Micros))
                .add(Double.toString(clientCpuSeconds));
        nodeCpuSeconds.forEach(cpu -> line.add(Double.toString(cpu)));
        return line.toString();
    }

    /** Reads {@link #line}. */
    public static Measured parse(String line) {
        String[] parts = line.split(String.valueOf(SEPARATOR), -1);
        List<Double> nodes = new ArrayList<>();
        for (int i = 8; i < parts.length; i++) {
            nodes.add(Double.parseDouble(parts[i]));
        }
        return new Measured(
                Double.parseDouble(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                parts[3],
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]),
                Double.parseDouble(parts[7]),
                nodes);
    }
}
