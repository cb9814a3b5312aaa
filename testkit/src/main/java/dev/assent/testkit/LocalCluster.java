package dev.assent.testkit;

import dev.assent.coordinator.CoordinatorNode;
import dev.assent.coordinator.NodeHooks;
import dev.assent.coordinator.NodeStartException;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.ClusterBirth;
import dev.assent.coordinator.admin.ClusterPlan;
import dev.assent.coordinator.admin.ClusterRefusedException;
import dev.assent.coordinator.config.ClusterSettings;
import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.observe.Counters;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.ListTransactionsRequest;
import dev.assent.proto.v1.ListTransactionsResponse;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.fault.FaultPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Real coordinator nodes on real disks and loopback ports, all in this JVM. A node can die at a named step, or at once,
 * as far as one JVM allows: nothing is handed over and nobody is told; its directory is opened again by its next life.
 * Thread-safe.
 */
public final class LocalCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final List<Member> members;
    private final int shards;
    private final UnaryOperator<NodeConfig> change;
    private final AdminChannels channels = new AdminChannels(Duration.ofSeconds(10));
    private final CrashPlan crashes = new CrashPlan(this::kill);
    private final List<Optional<CoordinatorNode>> nodes = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    private LocalCluster(Path directory, List<Member> members, int shards, UnaryOperator<NodeConfig> change) {
        this.directory = directory;
        this.members = members;
        this.shards = shards;
        this.change = change;
        members.forEach(member -> nodes.add(Optional.empty()));
    }

    /** Three nodes, one shard, defaults. */
    public static LocalCluster start(Path directory) {
        return start(directory, 3, 1, UnaryOperator.identity());
    }

    /**
     * Starts nodes, bears the cluster, and returns when every shard has a leader that is ready.
     *
     * @param change of each node's configuration
     */
    public static LocalCluster start(Path directory, int nodes, int shards, UnaryOperator<NodeConfig> change) {
        List<Integer> ports = Ports.free(2 * nodes);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            members.add(new Member(new NodeId("node-" + (i + 1)), "127.0.0.1", ports.get(2 * i), ports.get(2 * i + 1)));
        }
        LocalCluster cluster = new LocalCluster(directory, List.copyOf(members), shards, change);
        try {
            for (int i = 0; i < nodes; i++) {
                cluster.startNode(i);
            }
            cluster.bear();
            cluster.awaitLeaders();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void bear() {
        try (AdminChannels patient = new AdminChannels(Duration.ofSeconds(20))) {
            new ClusterBirth(patient::admin).bear(new ClusterPlan("test", shards, members), step -> {});
        } catch (ClusterRefusedException e) {
            throw new IllegalStateException("the cluster was not born: " + e.getMessage(), e);
        }
    }

    /** Starts a node that does not run, on the directory of its earlier lives. */
    public void startNode(int node) {
        CoordinatorNode started =
                new CoordinatorNode(config(node), NodeHooks.of(failures::add).with(crashes.seamOf(node)));
        try {
            started.start();
        } catch (NodeStartException e) {
            throw new IllegalStateException("node " + node + " did not start: " + e.getMessage(), e);
        }
        nodes.set(node, Optional.of(started));
    }

    /** What the node is started with. */
    public NodeConfig config(int node) {
        NodeConfig config = NodeConfig.development(
                "test", members.get(node).id(), members, directory.resolve("node-" + (node + 1)));
        return change.apply(config.with(new ClusterSettings("test", shards, members, true)));
    }

    /** Ends the node as the death of its process would; does nothing if it does not run. */
    public void kill(int node) {
        Optional<CoordinatorNode> running = nodes.get(node);
        nodes.set(node, Optional.empty());
        running.ifPresent(CoordinatorNode::kill);
    }

    /** Stops the node in order; does nothing if it does not run. */
    public void stop(int node) {
        Optional<CoordinatorNode> running = nodes.get(node);
        nodes.set(node, Optional.empty());
        running.ifPresent(CoordinatorNode::close);
    }

    /** Whichever node reaches the point next dies there; completed with its number once it is dead. */
    public CompletableFuture<Integer> crashAt(FaultPoint point) {
        return crashes.crashAt(point);
    }

    /** The node that leads the shard and is ready. */
    public Optional<Integer> leaderOf(int shard) {
        for (int node = 0; node < nodes.size(); node++) {
            boolean leads = nodes.get(node).map(CoordinatorNode::status).orElse(List.of()).stream()
                    .anyMatch(s -> s.shard() == shard && s.leadership().isReady());
            if (leads) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    /** Waits until the shard has a leader that is ready, and says which node it is. */
    public int awaitLeader(int shard) {
        return Await.value("a leader of shard " + shard, PATIENCE, () -> leaderOf(shard));
    }

    /** Waits until every shard has a leader that is ready. */
    public void awaitLeaders() {
        for (int shard = 0; shard < shards; shard++) {
            awaitLeader(shard);
        }
    }

    public boolean isRunning(int node) {
        return nodes.get(node).isPresent();
    }

    /** The running node. */
    public CoordinatorNode node(int node) {
        return nodes.get(node).orElseThrow(() -> new IllegalStateException("node " + node + " does not run"));
    }

    /**
     * Transactions that are open or not ended, over all shards, as their leaders see them.
     *
     * @throws io.grpc.StatusRuntimeException if a leader does not answer
     */
    public synchronized long openTransactions() {
        long open = 0;
        for (int leader : new TreeSet<>(leaders())) {
            ListTransactionsResponse list = CoordinatorServiceGrpc.newBlockingStub(channels.channel(address(leader)))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .listTransactions(ListTransactionsRequest.getDefaultInstance());
            open += list.getTransactionsCount() + list.getLeftOff();
        }
        return open;
    }

    private List<Integer> leaders() {
        List<Integer> leaders = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            leaders.add(awaitLeader(shard));
        }
        return leaders;
    }

    /** What the node's shards have done since it started. */
    public Counters counters(int node) {
        return node(node).counters();
    }

    public int size() {
        return members.size();
    }

    public int shards() {
        return shards;
    }

    /** {@code host:port} of the node's clients. */
    public String address(int node) {
        return members.get(node).clientAddress();
    }

    /** {@code host:port,…} of all nodes, for the SDK. */
    public String addresses() {
        return members.stream().map(Member::clientAddress).collect(Collectors.joining(","));
    }

    /** Where the node keeps its data. */
    public Path dataDirectory(int node) {
        return config(node).node().dataDirectory();
    }

    /** Why nodes stopped serving by themselves; planned crashes are not among them. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public synchronized void close() {
        channels.close();
        for (int node = 0; node < nodes.size(); node++) {
            kill(node);
        }
    }
}
