package dev.assent.coordinator.replication;

import static org.awaitility.Awaitility.await;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.StateImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Three nodes in one JVM on real disks. */
final class TestCluster implements AutoCloseable {
    static final ClusterId CLUSTER = new ClusterId("shop", "k3x9q0ab");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ReplicationSettings settings;
    private final List<Node> nodes = new ArrayList<>();
    /** The pack that names the cluster is number 1. */
    private long lastPack = 1;

    TestCluster(Path directory, int shards, ReplicationSettings settings) throws IOException {
        this.settings = settings;
        TreeMap<NodeId, String> members = new TreeMap<>();
        List<Integer> ports = freePorts(3);
        for (int i = 0; i < 3; i++) {
            members.put(new NodeId("n" + i), "127.0.0.1:" + ports.get(i));
        }
        for (int i = 0; i < 3; i++) {
            NodeIdentity identity = new NodeIdentity(new NodeId("n" + i), CLUSTER, shards, members);
            nodes.add(new Node(identity, directory.resolve("n" + i), ports.get(i)));
        }
    }

    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return open.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : open) {
                socket.close();
            }
        }
    }

    TestCluster start() throws ReplicationException {
        for (Node node : nodes) {
            node.start();
        }
        return this;
    }

    /** A fourth, fifth … node that runs, has joined and is no member yet. */
    Node join(NodeId id, Path directory) throws IOException, ReplicationException {
        int port = freePorts(1).get(0);
        TreeMap<NodeId, String> self = new TreeMap<>();
        self.put(id, "127.0.0.1:" + port);
        int shards = nodes.get(0).identity().shards();
        Node joining = new Node(new NodeIdentity(id, CLUSTER, shards, self, true), directory.resolve(id.value()), port);
        nodes.add(joining);
        joining.start();
        return joining;
    }

    List<Node> nodes() {
        return nodes;
    }

    Node node(int number) {
        return nodes.get(number);
    }

    List<Node> running() {
        return nodes.stream().filter(Node::isRunning).toList();
    }

    /** The one node that was told that it leads and not told that it lost that. */
    Node leader(int shard) {
        awaiting("a leader of shard " + shard, () -> leaderNow(shard).isPresent());
        return leaderNow(shard).orElseThrow();
    }

    private Optional<Node> leaderNow(int shard) {
        return running().stream()
                .filter(node -> node.listener(shard).isLeading()
                        && node.raft().status(shard).isLeading())
                .findFirst();
    }

    Node follower(int shard) {
        Node leader = leader(shard);
        return running().stream().filter(node -> node != leader).findFirst().orElseThrow();
    }

    /** Appends one pack on the leader and waits until it is applied there. */
    void append(int shard, LogRecord... records) {
        Node leader = leader(shard);
        long pack = ++lastPack;
        leader.raft().log(shard).append(1, pack, List.of(records));
        awaiting(
                "pack " + pack + " applied on " + leader,
                () -> leader.listener(shard).lastPack() == pack);
    }

    /** A decision of the leader's term. */
    LogRecord.CommitDecided decision(int shard, long seq, BranchId... branches) {
        long term = leader(shard).raft().status(shard).term();
        return new LogRecord.CommitDecided(new Xid(CLUSTER, shard, term, seq), List.of(branches), 0);
    }

    /** The state of a shard, once it is equal on all running nodes and as new as the leader's. */
    StateImage equalImage(int shard) {
        awaiting("equal states of shard " + shard, () -> {
            StateImage image = leader(shard).raft().state(shard).image();
            return image.cluster().isPresent()
                    && running().stream()
                            .allMatch(node -> node.raft().state(shard).image().equals(image));
        });
        return leader(shard).raft().state(shard).image();
    }

    static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    static void awaiting(String what, Callable<Boolean> condition) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    @Override
    public void close() {
        crashAll();
    }

    void crashAll() {
        // Side by side: each waits a second for its log's writer to notice.
        CompletableFuture.allOf(nodes.stream()
                        .map(node -> CompletableFuture.runAsync(node::crash))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    /** One node, which can be stopped and started again. */
    final class Node {
        private final NodeIdentity identity;
        private final Path directory;
        private final int port;
        private List<RecordingListener> listeners = List.of();
        private final SwitchedFaults faults = new SwitchedFaults();
        private Optional<NodeStorage> storage = Optional.empty();
        private Optional<RaftNode> raft = Optional.empty();

        Node(NodeIdentity identity, Path directory, int port) {
            this.identity = identity;
            this.directory = directory;
            this.port = port;
        }

        void start() throws ReplicationException {
            NodeStorage opened = NodeStorage.open(directory);
            storage = Optional.of(opened);
            opened.birth(identity);
            RaftNode made =
                    new RaftNode(opened, RaftEndpoint.plain("127.0.0.1", port), settings, java.util.Map.of(), faults);
            listeners = new ArrayList<>();
            for (int shard = 0; shard < identity.shards(); shard++) {
                listeners.add(new RecordingListener());
            }
            made.start(listeners::get);
            raft = Optional.of(made);
        }

        /** Hands the leadership over first. */
        void stop() {
            stop(RaftNode::close);
        }

        /** Hands nothing over. */
        void crash() {
            stop(RaftNode::closeAbruptly);
        }

        private void stop(Consumer<RaftNode> way) {
            raft.ifPresent(way);
            raft = Optional.empty();
            storage.ifPresent(open -> {
                try {
                    open.close();
                } catch (ReplicationException e) {
                    throw new AssertionError(e);
                }
            });
            storage = Optional.empty();
        }

        /** What its disk does, now and after a restart. */
        SwitchedFaults faults() {
            return faults;
        }

        boolean isRunning() {
            return raft.isPresent();
        }

        RaftNode raft() {
            return raft.orElseThrow();
        }

        RecordingListener listener(int shard) {
            return listeners.get(shard);
        }

        NodeId id() {
            return identity.node();
        }

        Path directory() {
            return directory;
        }

        Path groupDirectory(int shard) {
            return directory.resolve("raft").resolve(identity.group(shard).toString());
        }

        int port() {
            return port;
        }

        MemberAddresses addresses() {
            return new MemberAddresses("127.0.0.1:" + port, "127.0.0.1:" + (port ^ 1));
        }

        NodeIdentity identity() {
            return identity;
        }

        @Override
        public String toString() {
            return identity.node().value();
        }
    }
}
