package dev.assent.benchmarks.load;

import dev.assent.benchmarks.client.LoadPlan;
import dev.assent.benchmarks.client.Measured;
import java.util.List;

/**
 * What one run gave.
 *
 * @param measured by the client
 * @param log use of it
 * @param leader which node led the first shard, from 0
 * @param leaderStayed whether it still led at the end; if not, the run measured an election
 */
public record LoadResult(LoadPlan plan, int shards, Measured measured, LogUse log, int leader, boolean leaderStayed) {
    double transactionsPerSecond() {
        return measured.committed() / measured.seconds();
    }

    double leaderCpuPer1000() {
        return per1000(measured.nodeCpuSeconds().get(leader));
    }

    /** In the mean of the followers. */
    double followerCpuPer1000() {
        List<Double> nodes = measured.nodeCpuSeconds();
        double all = nodes.stream().mapToDouble(Double::doubleValue).sum();
        return per1000((all - nodes.get(leader)) / (nodes.size() - 1));
    }

    double clientCpuPer1000() {
        return per1000(measured.clientCpuSeconds());
    }

    /** Whether transactions committed and none failed. */
    public boolean holds() {
        return measured.committed() > 0 && measured.failed() == 0;
    }

    private double per1000(double cpuSeconds) {
        return measured.committed() == 0 ? 0 : cpuSeconds * 1_000 / measured.committed();
    }
}
