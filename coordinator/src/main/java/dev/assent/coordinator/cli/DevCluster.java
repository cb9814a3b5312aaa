package dev.assent.coordinator.cli;

import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Problem;
import dev.assent.coordinator.CoordinatorNode;
import dev.assent.coordinator.NodeHooks;
import dev.assent.coordinator.NodeStartException;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.ClusterBirth;
import dev.assent.coordinator.admin.ClusterIdentity;
import dev.assent.coordinator.admin.ClusterPlan;
import dev.assent.coordinator.admin.ClusterRefusedException;
import dev.assent.coordinator.config.ClusterSettings;
import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.config.NodeSettings;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Three nodes in this process. Thread-safe as far as closing while starting goes. */
final class DevCluster implements AutoCloseable {
    private static final int NODES = 3;
    /** Between a node's client and its Raft port. */
    private static final int RAFT_OFFSET = 100;

    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(60);

    private final List<NodeConfig> configs;
    private final List<CoordinatorNode> nodes = new ArrayList<>();
    private final CompletableFuture<String> fatal = new CompletableFuture<>();
    private boolean isClosed;

    /**
     * Describes the cluster; nothing runs yet.
     *
     * @param firstPort client port of the first node
     * @param directory holds the nodes' data directories
     */
    DevCluster(int firstPort, int shards, Path directory) {
        List<Member> members = IntStream.range(0, NODES)
                .mapToObj(i -> new Member(
                        new NodeId("node-" + (i + 1)),
                        NodeSettings.LOOPBACK,
                        firstPort + i,
                        firstPort + i + RAFT_OFFSET))
                .toList();
        ClusterSettings cluster = new ClusterSettings("dev", shards, members, true);
        configs = members.stream()
                .map(member -> NodeConfig.development(
                                "dev",
                                member.id(),
                                members,
                                directory.resolve(member.id().value()))
                        .with(cluster))
                .toList();
    }

    /** The nodes as the others reach them. */
    List<Member> members() {
        return configs.get(0).cluster().members();
    }

    /** Completes with the reason when a node had to stop. */
    CompletableFuture<String> fatal() {
        return fatal;
    }

    /** Starts the nodes, bears the cluster unless it is born, and waits until every shard is led. */
    ClusterIdentity start(Consumer<String> progress) throws InterruptedException {
        for (NodeConfig config : configs) {
            progress.accept("Starting " + config.node().id());
            start(config);
        }
        ClusterIdentity identity = bear(progress);
        progress.accept("Waiting for leaders");
        long deadlineNanos = System.nanoTime() + LEADER_PATIENCE.toNanos();
        while (!isServing()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw failed(new Problem(
                        "No leader was elected within " + LEADER_PATIENCE.toSeconds() + " s.",
                        "The machine may be too busy for elections.",
                        "Stop other work and start again."));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return identity;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        nodes.forEach(CoordinatorNode::close);
    }

    private synchronized void start(NodeConfig config) {
        if (isClosed) {
            return;
        }
        CoordinatorNode node = new CoordinatorNode(config, NodeHooks.of(fatal::complete));
        try {
            node.start();
        } catch (NodeStartException e) {
            throw new CommandFailedException(ExitCode.FAILED, e.problem(), e);
        }
        nodes.add(node);
    }

    private ClusterIdentity bear(Consumer<String> progress) {
        try (AdminChannels channels = new AdminChannels(Duration.ofSeconds(30))) {
            ClusterPlan plan = ClusterPlan.of(configs.get(0).cluster());
            return new ClusterBirth(channels::admin).bear(plan, progress).identity();
        } catch (ClusterRefusedException e) {
            throw failed(e.problem());
        }
    }

    private synchronized boolean isServing() {
        int shards = configs.get(0).cluster().shards();
        long led = nodes.stream()
                .flatMap(node -> node.status().stream())
                .filter(status -> status.leadership().isReady())
                .map(status -> status.shard())
                .distinct()
                .count();
        return led == shards;
    }

    private static CommandFailedException failed(Problem problem) {
        return new CommandFailedException(ExitCode.FAILED, problem);
    }
}
