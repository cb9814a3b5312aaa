package dev.assent.benchmarks.load;

import dev.assent.benchmarks.client.ClientProcess;
import dev.assent.benchmarks.client.LoadPlan;
import dev.assent.benchmarks.client.Measured;
import dev.assent.cli.Progress;
import dev.assent.coordinator.admin.NodeCounts;
import dev.assent.testkit.ChildJvm;
import dev.assent.testkit.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One run: three nodes and one client, each a process of its own, on this machine's disk with forced writes and the
 * settings of production. Nothing is measured in this process.
 */
public final class LoadRun {
    private static final int NODES = 3;
    private static final Duration START = Duration.ofSeconds(60);

    private final LoadPlan plan;
    private final int shards;
    private final Path directory;
    private final Optional<Path> recordings;
    private final Progress progress;

    /**
     * @param directory for the nodes' data and everybody's output
     * @param recordings where every process leaves a flight recording of the measured time, if at all; measures less well
     */
    public LoadRun(LoadPlan plan, int shards, Path directory, Optional<Path> recordings, Progress progress) {
        this.plan = plan;
        this.shards = shards;
        this.directory = directory;
        this.recordings = recordings;
        this.progress = progress;
    }

    /**
     * Runs it; takes the plan's time and some seconds.
     *
     * @throws IllegalStateException if a process ends or does not become ready
     */
    public LoadResult run() {
        progress.step("Starting three coordinator nodes");
        try (ProcessCluster cluster = ProcessCluster.start(
                directory.resolve("cluster"), NODES, shards, List.of("development: false"), JvmOptions.of(this))) {
            progress.step("Starting the client");
            try (ChildJvm client = startClient(cluster)) {
                LoadResult result = measure(cluster, client);
                if (recordings.isPresent()) {
                    client.awaitEnd(START);
                    IntStream.range(0, NODES)
                            .forEach(node -> cluster.process(node).terminate(START));
                }
                return result;
            }
        }
    }

    private ChildJvm startClient(ProcessCluster cluster) {
        List<String> arguments = new ArrayList<>();
        arguments.add(cluster.addresses());
        arguments.add(IntStream.range(0, NODES)
                .mapToObj(node -> Long.toString(cluster.process(node).pid()))
                .collect(Collectors.joining(",")));
        arguments.addAll(plan.arguments());
        return ChildJvm.start(
                "client",
                directory.resolve("client.log"),
                JvmOptions.of(this),
                ClientProcess.class.getName(),
                arguments);
    }

    private LoadResult measure(ProcessCluster cluster, ChildJvm client) {
        client.awaitLine("WARM-UP", START);
        Wait wait = new Wait(progress, client);
        wait.through("Warming up", Duration.ofSeconds(plan.warmUpSeconds()));
        client.awaitLine("MEASURING", START);
        int leader = leader(cluster);
        long beganNanos = System.nanoTime();
        List<NodeCounts> before = counts(cluster);
        wait.through("Measuring", Duration.ofSeconds(plan.seconds()));
        Measured measured = Measured.parse(client.awaitLine("MEASURED", START));
        List<NodeCounts> after = counts(cluster);
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        LogUse log = LogUse.between(before, after, leader, seconds);
        return new LoadResult(plan, shards, measured, log, leader, leader(cluster) == leader);
    }

    /** With several shards the node that leads the first one stands for all leaders. */
    private static int leader(ProcessCluster cluster) {
        return cluster.leaderOf(0).orElseThrow(() -> new IllegalStateException("nobody leads shard 0"));
    }

    private static List<NodeCounts> counts(ProcessCluster cluster) {
        return IntStream.range(0, NODES).mapToObj(cluster::counts).toList();
    }

    Optional<Path> recordings() {
        return recordings;
    }

    int warmUpSeconds() {
        return plan.warmUpSeconds();
    }
}
