package dev.assent.coordinator;

import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.ClusterBirth;
import dev.assent.coordinator.admin.ClusterPlan;
import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.CoordinatorServiceGrpc.CoordinatorServiceBlockingStub;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionEvaluationListener;
import org.awaitility.core.EvaluatedCondition;
import org.awaitility.core.TimeoutEvent;

/** Nodes in this JVM, over real ports and real disks. */
final class TestCluster implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(40);

    final List<NodeConfig> configs = new ArrayList<>();
    final Map<NodeId, CoordinatorNode> nodes = new LinkedHashMap<>();
    final List<String> fatal = new ArrayList<>();
    private final Map<NodeId, ManagedChannel> channels = new LinkedHashMap<>();

    TestCluster(int size, Path directory) throws IOException {
        List<Member> members = new ArrayList<>();
        List<ServerSocket> reserved = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            members.add(new Member(new NodeId("n" + i), "127.0.0.1", freePort(reserved), freePort(reserved)));
        }
        for (ServerSocket socket : reserved) {
            socket.close();
        }
        for (Member member : members) {
            configs.add(NodeConfig.development(
                    "shop", member.id(), members, directory.resolve(member.id().value())));
            channels.put(
                    member.id(),
                    NettyChannelBuilder.forAddress("127.0.0.1", member.clientPort())
                            .usePlaintext()
                            .build());
        }
    }

    private static int freePort(List<ServerSocket> reserved) throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        reserved.add(socket);
        return socket.getLocalPort();
    }

    void startAll() throws NodeStartException {
        for (NodeConfig config : configs) {
            start(config, NodeHooks.of(fatal::add));
        }
    }

    CoordinatorNode start(NodeConfig config, NodeHooks hooks) throws NodeStartException {
        CoordinatorNode node = new CoordinatorNode(config, hooks);
        node.start();
        nodes.put(config.node().id(), node);
        return node;
    }

    void bear() throws Exception {
        try (AdminChannels admin = new AdminChannels(Duration.ofSeconds(20))) {
            new ClusterBirth(admin::admin).bear(ClusterPlan.of(configs.get(0).cluster()), step -> {});
        }
    }

    ManagedChannel channel(NodeId node) {
        return Objects.requireNonNull(channels.get(node));
    }

    /** Asks one node after the other until one leads and answers, as every client must. */
    <T> T ask(Function<CoordinatorServiceBlockingStub, T> call) {
        return askNodes(node -> call.apply(
                CoordinatorServiceGrpc.newBlockingStub(channel(node)).withDeadlineAfter(10, TimeUnit.SECONDS)));
    }

    private <T> T askNodes(Function<NodeId, T> call) {
        AtomicReference<String> last = new AtomicReference<>("nothing");
        return Awaitility.await("a node that leads and answers")
                .atMost(LONGEST_WAIT)
                .pollInterval(Duration.ofMillis(20))
                .conditionEvaluationListener(new ConditionEvaluationListener<Object>() {
                    @Override
                    public void conditionEvaluated(EvaluatedCondition<Object> condition) {}

                    @Override
                    public void onTimeout(TimeoutEvent timeout) {
                        throw new AssertionError("no node answered; the last one said " + last.get());
                    }
                })
                .until(() -> firstAnswer(call, last), Optional::isPresent)
                .orElseThrow();
    }

    private <T> Optional<T> firstAnswer(Function<NodeId, T> call, AtomicReference<String> last) {
        for (NodeId node : channels.keySet()) {
            try {
                return Optional.of(call.apply(node));
            } catch (StatusRuntimeException e) {
                // A node that dies in this JVM resets the calls that it has; a process would break the connection.
                boolean isUnanswered = e.getStatus().getCode() == Status.Code.UNAVAILABLE
                        || e.getStatus().getCode() == Status.Code.CANCELLED;
                if (!isUnanswered) {
                    throw e;
                }
                last.set(node + ": " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** The node that leads shard 0 and is ready. */
    CoordinatorNode leader() {
        return Awaitility.await("a leader that is ready")
                .atMost(LONGEST_WAIT)
                .until(
                        () -> nodes.values().stream()
                                .filter(node -> node.status().stream()
                                        .anyMatch(shard -> shard.leadership().isReady()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        nodes.values().forEach(CoordinatorNode::kill);
    }
}
