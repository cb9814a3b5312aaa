package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.coordinator.replication.ChangeRefusedException.Reason;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members come and go while a shard serves; what could lose what it holds is refused. */
class MembershipTest {
    private static final NodeId NEW = new NodeId("n3");

    /** Few entries are needed for a snapshot, and no log is kept that it covers. */
    private static final ReplicationSettings SNAPSHOTS =
            ReplicationSettings.fast().withLog(new ReplicationSettings.LogBounds(1 << 20, 256 << 10, 1 << 20, 3, 0));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void nodeThatJoinedIsNoMemberBeforeTheLeaderSaysSo() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            cluster.leader(0);
            TestCluster.Node joined = cluster.join(NEW, directory);

            assertThat(joined.raft().membership().members(0).members()).isEmpty();
            assertThat(add(cluster, joined)).isTrue();
            assertThat(add(cluster, joined)).as("again").isFalse();

            assertThat(cluster.leader(0)
                            .raft()
                            .membership()
                            .members(0)
                            .members()
                            .get(NEW))
                    .isEqualTo(joined.addresses());
            cluster.append(0, cluster.decision(0, 1, Samples.ORDERS));
            assertThat(cluster.equalImage(0).decisions()).hasSize(1);
        }
    }

    @Test
    void memberThatJoinedComesBackAfterARestart() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            TestCluster.Node joined = cluster.join(NEW, directory);
            joined.crash();
            joined.start();
            add(cluster, joined);
            joined.crash();
            joined.start();
            cluster.append(0, cluster.decision(0, 1, Samples.ORDERS));
            assertThat(cluster.equalImage(0).decisions()).hasSize(1);
        }
    }

    @Test
    void deadMemberIsRemovedAndItsIdIsSpentThoughTheLogIsPurged() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SNAPSHOTS).start()) {
            TestCluster.Node dead = cluster.follower(0);
            dead.crash();
            awaitDeathIsNoticed(cluster, dead);
            assertThat(remove(cluster, dead.id())).isTrue();
            assertThat(remove(cluster, dead.id())).as("again").isFalse();

            for (int seq = 1; seq <= 30; seq++) {
                cluster.append(0, cluster.decision(0, seq, Samples.ORDERS));
            }
            TestCluster.awaiting(
                    "snapshots",
                    () -> cluster.running().stream()
                            .allMatch(node -> node.raft().status(0).snapshotBytes() > 0));
            for (TestCluster.Node node : cluster.running()) {
                node.crash();
            }
            cluster.nodes().stream().filter(node -> node != dead).forEach(MembershipTest::start);

            assertThat(refusal(() -> add(cluster, dead))).isEqualTo(Reason.ID_SPENT);
        }
    }

    @Test
    void removalThatLeavesNoLivingMajorityIsRefused() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            TestCluster.Node dead = cluster.follower(0);
            dead.crash();
            awaitDeathIsNoticed(cluster, dead);
            NodeId living = cluster.follower(0).id();
            assertThat(refusal(() -> remove(cluster, living))).isEqualTo(Reason.QUORUM_AT_RISK);
            cluster.append(0, cluster.decision(0, 1, Samples.ORDERS));
        }
    }

    @Test
    void leaderIsNotRemovedBeforeItHandedOver() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            TestCluster.Node leader = cluster.leader(0);
            TestCluster.Node heir = cluster.follower(0);
            assertThat(refusal(() -> remove(cluster, leader.id()))).isEqualTo(Reason.LEADS);

            done(leader.raft().membership().transfer(0, heir.id()));
            TestCluster.awaiting("the heir leads", () -> cluster.leader(0) == heir);
            assertThat(remove(cluster, leader.id())).isTrue();
        }
    }

    @Test
    void nodeThatWasRemovedWhileItRanStopsAndNeverStartsAgain() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 2, ReplicationSettings.fast()).start()) {
            TestCluster.Node removed = notLeading(cluster);
            done(cluster.leader(0).raft().membership().remove(0, removed.id()));
            TestCluster.awaiting(
                    "it is out of shard 0", () -> removed.raft().replica(0).isRemoved());
            assertThat(removed.listener(1).failures())
                    .as("while a member of shard 1")
                    .isEmpty();

            done(cluster.leader(1).raft().membership().remove(1, removed.id()));
            TestCluster.awaiting(
                    "it has stopped", () -> !removed.listener(1).failures().isEmpty());
            assertThat(removed.listener(1).failures().get(0)).contains("was removed from its cluster");
            removed.crash();
            assertThat(catchThrowableOfType(ReplicationException.class, removed::start))
                    .hasMessageContaining("was removed");
        }
    }

    @Test
    void secondNodeAtTheSameAddressIsRefused() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, ReplicationSettings.fast()).start()) {
            TestCluster.Node taken = cluster.follower(0);
            assertThat(refusal(() -> done(cluster.leader(0)
                            .raft()
                            .membership()
                            .add(0, NEW, new MemberAddresses("127.0.0.1:" + taken.port(), "127.0.0.1:1")))))
                    .isEqualTo(Reason.CLASH);
        }
    }

    private static TestCluster.Node notLeading(TestCluster cluster) {
        TestCluster.Node first = cluster.leader(0);
        TestCluster.Node second = cluster.leader(1);
        return cluster.running().stream()
                .filter(node -> node != first && node != second)
                .findFirst()
                .orElseThrow();
    }

    /** A follower that died a moment ago still counts as alive. */
    private static void awaitDeathIsNoticed(TestCluster cluster, TestCluster.Node dead) {
        TestCluster.awaiting("the death of " + dead + " is noticed", () -> {
            RaftNode leader = cluster.leader(0).raft();
            return !leader.gateway()
                    .livingFollowers(leader.gateway().division(leader.replica(0).group()))
                    .contains(dead.id().value());
        });
    }

    private static void start(TestCluster.Node node) {
        try {
            node.start();
        } catch (ReplicationException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean add(TestCluster cluster, TestCluster.Node node) throws Exception {
        return done(cluster.leader(0).raft().membership().add(0, node.id(), node.addresses()));
    }

    private static boolean remove(TestCluster cluster, NodeId node) throws Exception {
        return done(cluster.leader(0).raft().membership().remove(0, node));
    }

    private static boolean done(CompletableFuture<Boolean> change) throws Exception {
        return change.get(40, TimeUnit.SECONDS);
    }

    private interface Asking {
        boolean ask() throws Exception;
    }

    private static Reason refusal(Asking asking) {
        ExecutionException failure = catchThrowableOfType(ExecutionException.class, asking::ask);
        if (failure.getCause() instanceof ChangeRefusedException refused) {
            return refused.reason();
        }
        throw new AssertionError("not a refusal", failure);
    }
}
