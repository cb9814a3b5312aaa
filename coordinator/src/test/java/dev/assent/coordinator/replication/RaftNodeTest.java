package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.StateImage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.protocol.RaftClientReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes on real disks: birth, elections, restarts. */
class RaftNodeTest {
    @TempDir
    Path directory;

    @Test
    void firstLeaderWritesWhichClusterTheLogIsOfBeforeItTellsThatItLeads() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            TestCluster.Node leader = cluster.leader(0);
            assertThat(leader.listener(0).appliedAtLastWin()).isEqualTo(1);
            assertThat(leader.listener(0).applied())
                    .extracting(Input.Applied::record)
                    .containsExactly(new LogRecord.ClusterCreated(TestCluster.CLUSTER, 0, 1));
            assertThat(cluster.equalImage(0).cluster()).isPresent();
        }
    }

    @Test
    void recordsAreAppliedOnAllNodesInOrderWithTheSameVerdicts() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            LogRecord.CommitDecided decided = cluster.decision(0, 7, Samples.INVENTORY);
            cluster.append(0, new LogRecord.LeaderStarted(cluster.leader(0).id(), 1));
            cluster.append(0, decided, new LogRecord.Ended(decided.xid()));
            StateImage image = cluster.equalImage(0);
            assertThat(image.decisions()).isEmpty();
            assertThat(image.blocks()).hasSize(1);
            assertThat(cluster.running())
                    .allSatisfy(node -> assertThat(node.listener(0).applied())
                            .isEqualTo(cluster.leader(0).listener(0).applied()));
            assertThat(cluster.leader(0).listener(0).applied())
                    .extracting(Input.Applied::stood)
                    .containsOnly(true);
        }
    }

    @Test
    void decisionThatEntersTheLogOfALaterTermIsVoidEverywhere() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            LogRecord.CommitDecided late = cluster.decision(0, 7, Samples.INVENTORY);
            TestCluster.Node deposed = cluster.leader(0);
            deposed.raft().log(0).stepDown();
            TestCluster.awaiting(
                    "leadership lost", () -> deposed.listener(0).news().contains("lost"));
            cluster.append(0, late);
            assertThat(cluster.equalImage(0).decisions()).isEmpty();
            List<Input.Applied> applied = cluster.leader(0).listener(0).applied();
            assertThat(applied.get(applied.size() - 1).stood()).isFalse();
        }
    }

    @Test
    void nothingAppliedIsLostWhenTheLeaderStops() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            for (int seq = 0; seq < 5; seq++) {
                cluster.append(0, cluster.decision(0, seq, Samples.INVENTORY, Samples.ORDERS));
            }
            StateImage before = cluster.equalImage(0);
            TestCluster.Node old = cluster.leader(0);
            long oldTerm = old.raft().status(0).term();
            old.stop();
            TestCluster.Node successor = cluster.leader(0);
            assertThat(successor.listener(0).appliedAtLastWin())
                    .as("records of earlier terms applied before it was told that it leads")
                    .isEqualTo(6);
            assertThat(cluster.equalImage(0)).isEqualTo(before);
            assertThat(successor.raft().status(0).term()).isGreaterThan(oldTerm);
            cluster.append(0, cluster.decision(0, 0, Samples.ORDERS));
            old.start();
            assertThat(cluster.equalImage(0).decisions()).hasSize(6);
        }
    }

    @Test
    void nothingAppliedIsLostWhenAllNodesRestart() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 3, ReplicationSettings.fast()).start()) {
            for (int shard = 0; shard < 3; shard++) {
                cluster.append(shard, cluster.decision(shard, shard, Samples.INVENTORY));
            }
            List<StateImage> before =
                    Stream.of(0, 1, 2).map(cluster::equalImage).toList();
            cluster.crashAll();
            cluster.start();
            for (int shard = 0; shard < 3; shard++) {
                assertThat(cluster.equalImage(shard)).isEqualTo(before.get(shard));
            }
        }
    }

    @Test
    void groupThatStoppedBeforeItsFirstEntryStillKnowsItsPeers() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast())) {
            // One after the other: alone, none of them becomes leader, and no entry tells who its peers are.
            for (TestCluster.Node node : cluster.nodes().subList(0, 2)) {
                node.start();
                node.crash();
            }
            for (TestCluster.Node node : cluster.nodes().subList(0, 2)) {
                node.start();
            }
            assertThat(cluster.leader(0).raft().status(0).members()).hasSize(3);
        }
    }

    @Test
    void leaderKeepsEntriesOfOtherClustersOutOfTheLog() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            TestCluster.Node leader = cluster.leader(0);
            byte[] foreign = new RecordCodec(Samples.CLUSTER, Samples.SHARD).encode(Samples.pack("cluster-created"));
            RaftClientReply reply = leader.raft()
                    .gateway()
                    .append(leader.raft().replica(0).group(), foreign)
                    .get(10, TimeUnit.SECONDS);
            assertThat(reply.isSuccess()).isFalse();
            assertThat(AppendFailure.of(reply, null)).isEqualTo(AppendFailure.INVALID);
            cluster.append(0, cluster.decision(0, 1, Samples.ORDERS));
            assertThat(cluster.equalImage(0).decisions()).hasSize(1);
        }
    }

    @Test
    void statusTellsWhoLeadsAndWhoIsMember() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            TestCluster.Node leader = cluster.leader(0);
            TestCluster.awaiting(
                    "all know the leader",
                    () -> cluster.running().stream()
                            .allMatch(node -> node.raft().status(0).leader().equals(Optional.of(leader.id()))));
            ShardStatus status = cluster.follower(0).raft().status(0);
            assertThat(status.isLeading()).isFalse();
            assertThat(status.members()).isEqualTo(leader.identity().members());
            assertThat(status.logBytes()).isPositive();
            assertThat(leader.raft().status(0).commitIndex()).isPositive();
            assertThat(leader.raft().membership().membersEver())
                    .containsExactly(new NodeId("n0"), new NodeId("n1"), new NodeId("n2"));
        }
    }

    @Test
    void nodeWhoseLogIsGoneRefusesToStart() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            cluster.equalImage(0);
            TestCluster.Node wiped = cluster.follower(0);
            wiped.stop();
            TestCluster.deleteTree(wiped.groupDirectory(0));
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(wiped::start)
                    .withMessageContaining("logs of shards [0] are missing");
        }
    }

    @Test
    void takenPortIsNamed() throws Exception {
        TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast());
        try (ServerSocket squatter = new ServerSocket(cluster.node(0).port(), 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(cluster.node(0)::start)
                    .withMessageContaining("127.0.0.1:" + squatter.getLocalPort() + " cannot be used");
        }
    }
}
