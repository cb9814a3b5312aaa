package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes whose disks refuse, crawl or stop at the steps where a log is forced and a snapshot is put in place. */
class DiskFaultsTest {
    @TempDir
    Path directory;

    // ---- the log ----

    @Test
    void leaderWhoseDiskRefusesStopsLosesNothingAndComesBackWithTheDisk() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            LogRecord.CommitDecided before = cluster.decision(0, 5, Samples.INVENTORY);
            cluster.append(0, before);
            TestCluster.Node broken = cluster.leader(0);

            broken.faults().plan("log.before-force:fail");
            broken.raft().log(0).append(1, 100, List.of(cluster.decision(0, 6, Samples.INVENTORY)));

            awaitFailure(broken, "the log of shard 0 cannot be written", "Input/output error");
            broken.crash();
            TestCluster.Node other = cluster.leader(0);
            assertThat(other).isNotSameAs(broken);
            LogRecord.CommitDecided after = cluster.decision(0, 7, Samples.ORDERS);
            cluster.append(0, after);

            // Still broken: it stops again, whatever it is sent.
            broken.start();
            awaitFailure(broken, "the log of shard 0 cannot be written", "");
            broken.crash();
            broken.faults().mend();
            broken.start();
            assertThat(cluster.equalImage(0).decisions()).contains(before, after);
            assertThat(broken.listener(0).news()).noneMatch(news -> news.startsWith("failed"));
        }
    }

    @Test
    void followerWhoseDiskIsFullForAWhileStopsAndNobodyElseNotices() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 2, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            cluster.equalImage(1);
            TestCluster.Node leader = cluster.leader(0);
            TestCluster.Node broken = cluster.follower(0);

            broken.faults().plan("log.before-force:full:shard=0");
            LogRecord.CommitDecided decided = cluster.decision(0, 5, Samples.INVENTORY);
            cluster.append(0, decided);

            awaitFailure(broken, "the log of shard 0 cannot be written", "No space left on device");
            assertThat(broken.listener(1).news())
                    .as("one log that is dead stops the node")
                    .anyMatch(news -> news.startsWith("failed"));
            assertThat(cluster.leader(0)).isSameAs(leader);
            broken.faults().mend();
            broken.crash();
            broken.start();
            assertThat(cluster.equalImage(0).decisions()).containsExactly(decided);
        }
    }

    @Test
    void nothingIsAppliedBeforeAMajorityHasForcedIt() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node leader = cluster.leader(0);
            List<TestCluster.Node> followers =
                    cluster.running().stream().filter(node -> node != leader).toList();
            Held held = new Held(followers.size());
            followers.forEach(node -> node.faults().plan(held));

            leader.raft().log(0).append(1, 100, List.of(cluster.decision(0, 5, Samples.INVENTORY)));

            try {
                assertThat(held.reached.await(20, TimeUnit.SECONDS))
                        .as("both followers are about to force it")
                        .isTrue();
                assertThat(leader.listener(0).lastPack()).isNotEqualTo(100);
            } finally {
                followers.forEach(node -> node.faults().mend());
                held.released.countDown();
            }
            TestCluster.awaiting(
                    "the pack to be applied", () -> leader.listener(0).lastPack() == 100);
        }
    }

    @Test
    void leaderWithASlowDiskGoesOnLeading() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node slow = cluster.leader(0);
            long term = slow.raft().status(0).term();

            slow.faults().plan("log.before-force:delay:millis=1500:nth=1");
            LogRecord.CommitDecided decided = cluster.decision(0, 5, Samples.INVENTORY);
            cluster.append(0, decided);

            assertThat(cluster.equalImage(0).decisions()).containsExactly(decided);
            assertThat(cluster.leader(0).raft().status(0).term()).isEqualTo(term);
        }
    }

    @Test
    void logWhoseThreadDiesStopsTheNode() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node broken = cluster.leader(0);

            broken.faults().plan("log.before-force:throw:nth=1");
            broken.raft().log(0).append(1, 100, List.of(cluster.decision(0, 5, Samples.INVENTORY)));

            awaitFailure(broken, "the replica of shard 0 stopped by itself", "");
            broken.crash();
            cluster.append(0, cluster.decision(0, 6, Samples.ORDERS));
            broken.start();
            cluster.equalImage(0);
        }
    }

    // ---- snapshots ----

    @Test
    void snapshotThatCannotBeWrittenIsTriedAgainAndLeavesNothingBehind() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node broken = cluster.leader(0);
            broken.faults().plan("snapshot.before-rename:full");

            while (broken.faults().refusals() == 0) {
                cluster.append(0, SmallFiles.voidRecords());
            }

            assertThat(stateFiles(broken)).as("after an attempt").isEmpty();
            broken.faults().mend();
            TestCluster.awaiting(
                    "a snapshot, though no entry came any more",
                    () -> stateFiles(broken).stream().anyMatch(name -> name.matches("snapshot\\.\\d+_\\d+")));
            assertThat(broken.listener(0).news()).noneMatch(news -> news.startsWith("failed"));
            assertThat(cluster.leader(0)).isSameAs(broken);
        }
    }

    @Test
    void halfWrittenSnapshotOfADeadNodeIsClearedAway() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node dying = cluster.follower(0);
            dying.faults().plan("snapshot.before-rename:throw:nth=1");
            while (dying.listener(0).news().stream().noneMatch(news -> news.startsWith("failed"))) {
                cluster.append(0, SmallFiles.voidRecords());
            }
            assertThat(stateFiles(dying)).anyMatch(name -> name.startsWith("writing-"));
            dying.crash();

            dying.start();

            assertThat(stateFiles(dying)).noneMatch(name -> name.startsWith("writing-"));
            cluster.equalImage(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "throw"})
    void followerThatDiesWithALeadersSnapshotInPlaceStartsFromIt(String action) throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node away = cluster.follower(0);
            away.crash();
            LogRecord.CommitDecided decided = cluster.decision(0, 5, Samples.INVENTORY);
            cluster.append(0, decided);
            TestCluster.Node leader = cluster.leader(0);
            for (int pack = 0; pack < 40; pack++) {
                cluster.append(0, SmallFiles.voidRecords());
            }
            TestCluster.awaiting("first segment purged", () -> !holdsFirstEntry(leader));
            away.faults().plan("snapshot.installed:" + action + ":nth=1");

            away.start();

            awaitFailure(away, "the replica of shard 0 stopped by itself", "");
            assertThat(away.raft().state(0).image().decisions()).isEmpty();
            away.crash();
            away.start();
            assertThat(cluster.equalImage(0).decisions()).containsExactly(decided);
        }
    }

    /** Lets threads wait at the point, once each. */
    private static final class Held implements FaultSeam {
        private final CountDownLatch reached;
        private final CountDownLatch released = new CountDownLatch(1);

        Held(int threads) {
            reached = new CountDownLatch(threads);
        }

        @Override
        public void hit(FaultPoint point, @Nullable Xid xid) {
            if (point == FaultPoint.LOG_BEFORE_FORCE) {
                reached.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void awaitFailure(TestCluster.Node node, String what, String why) {
        TestCluster.awaiting(
                "failure of " + node + ": " + what + ", " + why,
                () -> node.listener(0).news().stream()
                        .anyMatch(news -> news.startsWith("failed: " + what) && news.contains(why)));
    }

    private static boolean holdsFirstEntry(TestCluster.Node node) throws IOException {
        return names(node.groupDirectory(0).resolve("current")).stream()
                .anyMatch(name -> name.matches("log_(inprogress_0|0-\\d+)"));
    }

    private static List<String> stateFiles(TestCluster.Node node) throws IOException {
        return names(node.groupDirectory(0).resolve("sm"));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
