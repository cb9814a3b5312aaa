package dev.assent.testkit;

import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.AdminClient;
import dev.assent.coordinator.admin.ClusterBirth;
import dev.assent.coordinator.admin.ClusterPlan;
import dev.assent.coordinator.admin.ClusterRefusedException;
import dev.assent.coordinator.admin.NodeCounts;
import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.coordinator.config.Member;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.ListTransactionsRequest;
import dev.assent.proto.v1.ListTransactionsResponse;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Coordinator nodes as processes of their own, on real disks and loopback ports that the operating system gave: they can
 * be killed and paused for real. Not thread-safe, except for what only looks.
 */
public final class ProcessCluster implements AutoCloseable {
    private static final String MAIN_CLASS = "dev.assent.coordinator.cli.CoordinatorCommands";

    private final Path directory;
    private final List<Member> members;
    private final int shards;
    private final List<String> settings;
    private final Map<Integer, ChildJvm> running = new TreeMap<>();
    private final AdminChannels channels = new AdminChannels(Duration.ofSeconds(5));

    private ProcessCluster(Path directory, List<Member> members, int shards, List<String> settings) {
        this.directory = directory;
        this.members = members;
        this.shards = shards;
        this.settings = settings;
    }

    /**
     * Starts nodes, bears the cluster and returns when every shard has a leader that is ready.
     *
     * @param directory for configuration, data and output of the nodes
     * @param settings lines of YAML to be added to each node's configuration; the nodes permit what production refuses
     *     unless one of them says {@code development}
     * @param nodeOptions JVM options of every node, such as a planned fault
     */
    public static ProcessCluster start(
            Path directory, int nodes, int shards, List<String> settings, List<String> nodeOptions) {
        List<Integer> ports = Ports.free(2 * nodes);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            members.add(new Member(new NodeId("node-" + (i + 1)), "127.0.0.1", ports.get(2 * i), ports.get(2 * i + 1)));
        }
        ProcessCluster cluster = new ProcessCluster(directory, members, shards, List.copyOf(settings));
        try {
            for (int i = 0; i < nodes; i++) {
                cluster.startNode(i, nodeOptions);
            }
            cluster.bear();
            cluster.awaitLeaders(Duration.ofSeconds(30));
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /**
     * Starts a node more, with an empty directory, an id and ports of its own, and waits until it answers. It is no member
     * of the cluster before somebody adds it.
     *
     * @return its number
     */
    public int startNewNode(List<String> options) {
        List<Integer> ports = Ports.free(2);
        int node = members.size();
        members.add(new Member(new NodeId("node-" + (node + 1)), "127.0.0.1", ports.get(0), ports.get(1)));
        startNode(node, options);
        Await.that(id(node) + " answers", Duration.ofSeconds(30), () -> isUp(members.get(node)));
        return node;
    }

    /** Starts a node that does not run. */
    public void startNode(int node, List<String> options) {
        Path home = directory.resolve(members.get(node).id().value());
        try {
            Files.createDirectories(home);
            Path config = home.resolve("node.yaml");
            Files.writeString(config, yaml(node));
            List<String> jvmOptions = new ArrayList<>(List.of("-Xmx256m"));
            jvmOptions.addAll(options);
            running.put(
                    node,
                    ChildJvm.start(
                            members.get(node).id().value(),
                            home.resolve("node.log"),
                            jvmOptions,
                            MAIN_CLASS,
                            List.of("server", "--config", config.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String yaml(int node) {
        boolean saysItself = settings.stream().anyMatch(line -> line.startsWith("development:"));
        StringBuilder yaml = new StringBuilder(saysItself ? "" : "development: true\n");
        yaml.append("cluster:\n  name: test\n  shards: ").append(shards).append('\n');
        yaml.append("  members:\n");
        for (Member member : members) {
            yaml.append("    - id: ").append(member.id()).append('\n');
            yaml.append("      host: ").append(member.host()).append('\n');
            yaml.append("      client-port: ").append(member.clientPort()).append('\n');
            yaml.append("      raft-port: ").append(member.raftPort()).append('\n');
        }
        yaml.append("node:\n  id: ").append(members.get(node).id()).append("\n  data-directory: data\n");
        settings.forEach(line -> yaml.append(line).append('\n'));
        return yaml.toString();
    }

    private void bear() {
        members.forEach(member -> Await.that(member.id() + " answers", Duration.ofSeconds(30), () -> isUp(member)));
        // On a busy machine a birth, which forces files to the disk, takes longer than any question.
        try (AdminChannels patient = new AdminChannels(Duration.ofSeconds(60))) {
            new ClusterBirth(patient::admin).bear(new ClusterPlan("test", shards, members), step -> {});
        } catch (ClusterRefusedException e) {
            throw new IllegalStateException("the cluster was not born: " + e.getMessage(), e);
        }
    }

    private boolean isUp(Member member) {
        checkAlive(members.indexOf(member));
        try {
            client(member).node();
            return true;
        } catch (StatusRuntimeException notYet) {
            return false;
        }
    }

    private void checkAlive(int node) {
        ChildJvm process = running.get(node);
        if (process != null && !process.isAlive()) {
            throw new IllegalStateException(members.get(node).id() + " ended:\n" + process.tail());
        }
    }

    private AdminClient client(Member member) {
        return channels.admin(member);
    }

    /** Waits until every shard has a leader that is ready. */
    public void awaitLeaders(Duration patience) {
        for (int shard = 0; shard < shards; shard++) {
            int wanted = shard;
            Await.that(
                    "a leader of shard " + shard,
                    patience,
                    () -> leaderOf(wanted).isPresent());
        }
    }

    /** The node that leads the shard and is ready, as the nodes that answer say. */
    public Optional<Integer> leaderOf(int shard) {
        for (int node = 0; node < members.size(); node++) {
            ChildJvm process = running.get(node);
            if (process != null && process.isAlive() && leads(node, shard)) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    private boolean leads(int node, int shard) {
        return shardsOf(node).stream()
                .anyMatch(s -> s.shard() == shard && s.leadership().isReady());
    }

    /** What the node says about its shards; nothing if it does not answer. */
    public List<ShardStatus> shardsOf(int node) {
        try {
            return client(members.get(node)).status().shards();
        } catch (StatusRuntimeException unreachable) {
            return List.of();
        }
    }

    /**
     * What the node has done since its process started.
     *
     * @throws StatusRuntimeException if it does not answer
     */
    public NodeCounts counts(int node) {
        return client(members.get(node)).status().counts();
    }

    /**
     * Transactions that are open or not ended, over all shards.
     *
     * @throws StatusRuntimeException if a leader does not answer
     */
    public long openTransactions() {
        long open = 0;
        for (int shard = 0; shard < shards; shard++) {
            int wanted = shard;
            int leader = Await.value("a leader of shard " + shard, Duration.ofSeconds(30), () -> leaderOf(wanted));
            ListTransactionsResponse list = CoordinatorServiceGrpc.newBlockingStub(
                            channels.channel(members.get(leader).clientAddress()))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .listTransactions(ListTransactionsRequest.getDefaultInstance());
            open += list.getTransactionsCount() + list.getLeftOff();
        }
        return open;
    }

    /** The node's process, running or not any more. */
    public ChildJvm process(int node) {
        ChildJvm process = running.get(node);
        if (process == null) {
            throw new IllegalArgumentException("node " + node + " was never started");
        }
        return process;
    }

    /** How many nodes were ever started. */
    public int size() {
        return members.size();
    }

    /** Which node it is. */
    public NodeId id(int node) {
        return members.get(node).id();
    }

    /** Where applications and commands reach it. */
    public String address(int node) {
        return members.get(node).clientAddress();
    }

    /** Where each node's log, configuration and data are. */
    public Path home(int node) {
        return directory.resolve(members.get(node).id().value());
    }

    /** {@code host:port,…} of all nodes, for the SDK. */
    public String addresses() {
        return members.stream().map(Member::clientAddress).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        running.values().forEach(ChildJvm::close);
        channels.close();
    }
}
