package dev.assent.samples.demo;

import dev.assent.samples.demo.Told.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the demo saw; printed as the one JSON object.
 *
 * @param committed purchases told COMMITTED
 * @param aborted purchases told ABORTED, or never begun
 * @param unknown purchases whose outcome is not known although it was asked for afterwards
 * @param askedAgain purchases whose outcome was not known at first
 * @param faults what was broken, in order
 * @param auditDifferences how often databases and buyers disagree
 * @param inDoubtLeft prepared branches left in the databases
 * @param latencyMillis of purchases that committed
 * @param seconds the whole run
 */
public record DemoResult(
        int committed,
        int aborted,
        int unknown,
        int askedAgain,
        List<String> faults,
        int auditDifferences,
        int inDoubtLeft,
        Latency latencyMillis,
        double seconds) {

    /** Percentiles in milliseconds. */
    public record Latency(double p50, double p99) {}

    static DemoResult of(List<Told> told, int askedAgain, List<String> faults, Audit audit, double seconds) {
        return new DemoResult(
                count(told, Verdict.COMMITTED),
                count(told, Verdict.ABORTED),
                count(told, Verdict.UNKNOWN),
                askedAgain,
                List.copyOf(faults),
                audit.differences().size(),
                audit.inDoubt(),
                latency(told),
                Math.round(seconds * 10) / 10.0);
    }

    public boolean holds() {
        return auditDifferences == 0 && inDoubtLeft == 0;
    }

    static int count(List<Told> told, Verdict verdict) {
        return (int) told.stream().filter(t -> t.verdict() == verdict).count();
    }

    /** Reasons of what did not commit, with how often each occurred. */
    static Map<String, Integer> reasons(List<Told> told) {
        Map<String, Integer> reasons = new TreeMap<>();
        for (Told one : told) {
            if (one.verdict() != Verdict.COMMITTED) {
                reasons.merge(withoutNumbers(one.why()), 1, Integer::sum);
            }
        }
        return reasons;
    }

    private static String withoutNumbers(String why) {
        String text = why.replaceAll("[a-z0-9-]+\\.\\d+\\.\\d+\\.\\d+", "…").replaceAll("\\d+", "#");
        return text.length() > 90 ? text.substring(0, 89) + "…" : text;
    }

    private static Latency latency(List<Told> told) {
        long[] nanos = told.stream()
                .filter(t -> t.verdict() == Verdict.COMMITTED)
                .mapToLong(Told::nanos)
                .sorted()
                .toArray();
        return new Latency(percentile(nanos, 0.50), percentile(nanos, 0.99));
    }

    private static double percentile(long[] sorted, double share) {
        if (sorted.length == 0) {
            return 0;
        }
        int index = (int) Math.min(sorted.length - 1, Math.floor(share * sorted.length));
        return Math.round(sorted[index] / 100_000.0) / 10.0;
    }
}
