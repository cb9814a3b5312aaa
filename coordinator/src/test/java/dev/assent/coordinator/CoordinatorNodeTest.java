package dev.assent.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.proto.v1.AnswerMode;
import dev.assent.proto.v1.BeginRequest;
import dev.assent.proto.v1.CommitRequest;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.GetOutcomeRequest;
import dev.assent.proto.v1.GetTransactionRequest;
import dev.assent.proto.v1.ListTransactionsRequest;
import dev.assent.proto.v1.Outcome;
import dev.assent.proto.v1.RollbackRequest;
import dev.assent.proto.v1.TransactionView;
import dev.assent.protocol.fault.FaultPoint;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CoordinatorNodeTest {
    @TempDir
    Path directory;

    private static String begin(TestCluster cluster) {
        return cluster.ask(stub -> stub.begin(BeginRequest.getDefaultInstance()).getXid());
    }

    private static Outcome commit(TestCluster cluster, String xid) {
        return commit(cluster, xid, AnswerMode.AFTER_APPLY);
    }

    private static Outcome commit(TestCluster cluster, String xid, AnswerMode mode) {
        CommitRequest request =
                CommitRequest.newBuilder().setXid(xid).setMode(mode).build();
        return cluster.ask(stub -> stub.commit(request).getResult().getOutcome());
    }

    private static Outcome outcome(TestCluster cluster, String xid) {
        GetOutcomeRequest request = GetOutcomeRequest.newBuilder().setXid(xid).build();
        return cluster.ask(stub -> stub.getOutcome(request).getResult().getOutcome());
    }

    private static ServingStatus health(TestCluster cluster, NodeConfig config) {
        return HealthGrpc.newBlockingStub(cluster.channel(config.node().id()))
                .withWaitForReady()
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    @Test
    void aNodeServesNothingBeforeItsClusterIsBorn() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory)) {
            cluster.startAll();
            NodeConfig only = cluster.configs.get(0);

            assertThat(health(cluster, only)).isEqualTo(ServingStatus.NOT_SERVING);
            assertThatThrownBy(() -> CoordinatorServiceGrpc.newBlockingStub(
                                    cluster.channel(only.node().id()))
                            .begin(BeginRequest.getDefaultInstance()))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("cluster init");

            cluster.bear();

            assertThat(health(cluster, only)).isEqualTo(ServingStatus.SERVING);
            assertThat(commit(cluster, begin(cluster))).isEqualTo(Outcome.COMMITTED);
        }
    }

    @Test
    void threeNodesCommitRollBackAndSurviveTheLossOfTheirLeader() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory)) {
            cluster.startAll();
            cluster.bear();
            String rolledBack = begin(cluster);
            String open = begin(cluster);
            RollbackRequest rollback = RollbackRequest.newBuilder()
                    .setXid(rolledBack)
                    .setReason("out of stock")
                    .build();
            assertThat(cluster.ask(stub -> stub.rollback(rollback))
                            .getResult()
                            .getCause()
                            .getDetail())
                    .isEqualTo("out of stock");
            assertThat(outcome(cluster, rolledBack)).isEqualTo(Outcome.ABORTED);
            assertThat(outcome(cluster, open)).isEqualTo(Outcome.PENDING);

            CoordinatorNode leader = cluster.leader();
            leader.kill();

            String next = begin(cluster);
            assertThat(next).isNotEqualTo(open);
            assertThat(outcome(cluster, open)).isEqualTo(Outcome.ABORTED);
            assertThat(commit(cluster, next)).isEqualTo(Outcome.COMMITTED);

            NodeConfig lost = cluster.configs.stream()
                    .filter(config -> config.node().id().equals(leader.id()))
                    .findFirst()
                    .orElseThrow();
            cluster.start(lost, NodeHooks.of(cluster.fatal::add));
            assertThat(health(cluster, lost)).isEqualTo(ServingStatus.SERVING);
            cluster.leader().close();
            assertThat(commit(cluster, begin(cluster))).isEqualTo(Outcome.COMMITTED);
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aBranchIsPreparedCommittedAndForgotten() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory)) {
            cluster.startAll();
            cluster.bear();
            CoordinatorNode node = cluster.leader();
            try (RawInstance instance = new RawInstance(cluster.channel(node.id()))) {
                String xid = begin(cluster);
                instance.enlist(xid);
                instance.expect(Frame.Kind.ENLIST_ACKNOWLEDGED);

                CompletableFuture<Outcome> committed = CompletableFuture.supplyAsync(() -> commit(cluster, xid));
                instance.expect(Frame.Kind.PREPARE);
                assertThat(view(cluster, xid).getState()).isEqualTo("PREPARING");
                instance.voteYes(xid);
                instance.expect(Frame.Kind.COMMIT_BRANCH);
                instance.acknowledge(xid);

                assertThat(committed.get(20, TimeUnit.SECONDS)).isEqualTo(Outcome.COMMITTED);
                instance.expect(Frame.Kind.FORGET);
                assertThat(outcome(cluster, xid)).isEqualTo(Outcome.COMMITTED);
                assertThat(node.counters().counts().decisions()).isEqualTo(1);
            }
        }
    }

    private static TransactionView view(TestCluster cluster, String xid) {
        GetTransactionRequest request =
                GetTransactionRequest.newBuilder().setXid(xid).build();
        assertThat(cluster.ask(stub -> stub.listTransactions(ListTransactionsRequest.getDefaultInstance()))
                        .getTransactionsList())
                .extracting(TransactionView::getXid)
                .contains(xid);
        return cluster.ask(stub -> stub.getTransaction(request).getTransaction());
    }

    @Test
    void aDecisionThatStoodSurvivesACrashBeforeAnybodyIsTold() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory)) {
            CompletableFuture<CoordinatorNode> running = new CompletableFuture<>();
            CompletableFuture<String> crashed = new CompletableFuture<>();
            FaultSeam crash = (point, xid) -> {
                if (point == FaultPoint.DECISION_APPLIED) {
                    running.join().kill();
                    crashed.complete(String.valueOf(xid));
                    throw new FaultSeam.SimulatedCrash(point);
                }
            };
            NodeConfig config = cluster.configs.get(0);
            running.complete(
                    cluster.start(config, NodeHooks.of(cluster.fatal::add).with(crash)));
            cluster.bear();
            String xid = begin(cluster);
            try (RawInstance instance =
                    new RawInstance(cluster.channel(config.node().id()))) {
                instance.enlist(xid);
                instance.expect(Frame.Kind.ENLIST_ACKNOWLEDGED);
                CompletableFuture<Outcome> committed =
                        CompletableFuture.supplyAsync(() -> commit(cluster, xid, AnswerMode.AFTER_DECISION));
                instance.expect(Frame.Kind.PREPARE);
                instance.voteYes(xid);
                assertThat(crashed.get(20, TimeUnit.SECONDS)).isEqualTo(xid);

                cluster.start(config, NodeHooks.of(cluster.fatal::add));

                assertThat(committed.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.COMMITTED);
                assertThat(outcome(cluster, xid)).isEqualTo(Outcome.COMMITTED);
            }
        }
    }

    @Test
    void aNodeWhoseShardBreaksStopsServingAndSaysWhy() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory)) {
            CompletableFuture<String> fatal = new CompletableFuture<>();
            NodeHooks hooks = NodeHooks.of(fatal::complete).with((point, xid) -> {
                if (point == FaultPoint.COMMIT_RECEIVED) {
                    throw new IllegalStateException("broken on purpose");
                }
            });
            NodeConfig config = cluster.configs.get(0);
            cluster.start(config, hooks);
            cluster.bear();
            String xid = begin(cluster);
            CommitRequest request = CommitRequest.newBuilder().setXid(xid).build();

            assertThatThrownBy(() -> CoordinatorServiceGrpc.newBlockingStub(
                                    cluster.channel(config.node().id()))
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .commit(request))
                    .isInstanceOf(StatusRuntimeException.class);

            assertThat(fatal.get(20, TimeUnit.SECONDS)).contains("broken on purpose");
            // All that the node held is free again.
            cluster.start(config, NodeHooks.of(cluster.fatal::add));
            assertThat(outcome(cluster, xid)).isEqualTo(Outcome.ABORTED);
        }
    }

    @Test
    void aPortInUseIsNamedBeforeAnythingStarts() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory)) {
            NodeConfig config = cluster.configs.get(0);
            try (ServerSocket taken = new ServerSocket(config.node().raftPort(), 1, InetAddress.getLoopbackAddress())) {
                assertThat(taken.isBound()).isTrue();
                assertThatThrownBy(cluster::startAll)
                        .isInstanceOf(NodeStartException.class)
                        .hasMessageContaining("node.raft-port")
                        .hasMessageContaining(Integer.toString(config.node().raftPort()));
            }
            cluster.startAll();
        }
    }

    @Test
    void aDataDirectoryThatIsNoneIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("n1"), "not a directory");
        try (TestCluster cluster = new TestCluster(1, directory)) {
            assertThatThrownBy(cluster::startAll)
                    .isInstanceOf(NodeStartException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("node.data-directory");
        }
    }

    @Test
    void aDirectoryOfAnotherNodeIsRefused() throws Exception {
        try (TestCluster cluster = new TestCluster(2, directory)) {
            cluster.startAll();
            cluster.bear();
            cluster.nodes.values().forEach(CoordinatorNode::close);
            NodeConfig first = cluster.configs.get(0);
            NodeConfig second = cluster.configs.get(1);
            NodeConfig confused = NodeConfig.development(
                    "shop",
                    second.node().id(),
                    second.cluster().members(),
                    first.node().dataDirectory());

            assertThatThrownBy(() -> cluster.start(confused, NodeHooks.of(cluster.fatal::add)))
                    .isInstanceOf(NodeStartException.class)
                    .hasMessageContaining("node.id 'n1'");
        }
    }
}
