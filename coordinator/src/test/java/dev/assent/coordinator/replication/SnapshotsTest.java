package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes on real disks: snapshots, purging, a disk that refuses. */
class SnapshotsTest {
    @TempDir
    Path directory;

    @Test
    void logOnDiskStaysWithinItsBoundThoughAPeerIsDown() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            cluster.follower(0).crash();
            for (int pack = 0; pack < 80; pack++) {
                cluster.append(0, SmallFiles.voidRecords());
            }
            cluster.equalImage(0);
            for (TestCluster.Node node : cluster.running()) {
                TestCluster.awaiting(
                        "log of " + node + " purged, has "
                                + node.raft().status(0).logBytes() + " bytes",
                        () -> node.raft().status(0).logBytes()
                                <= SmallFiles.SNAPSHOT_BYTES + 4 * SmallFiles.SEGMENT_BYTES);
                assertThat(snapshots(node)).hasSizeBetween(1, ReplicationSettings.RETAINED_SNAPSHOTS);
            }
        }
    }

    @Test
    void followerThatWasAwayForLongGetsTheStateAsASnapshot() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node away = cluster.follower(0);
            away.crash();
            LogRecord.CommitDecided decided = cluster.decision(0, 5, Samples.INVENTORY);
            cluster.append(0, decided);
            for (int pack = 0; pack < 40; pack++) {
                cluster.append(0, SmallFiles.voidRecords());
            }
            TestCluster.Node leader = cluster.leader(0);
            TestCluster.awaiting("first segment purged", () -> !holdsFirstEntry(leader));
            away.start();
            assertThat(cluster.equalImage(0).decisions()).containsExactly(decided);
            assertThat(away.listener(0).applied())
                    .extracting(Input.Applied::record)
                    .as("a decision that came with a snapshot is not told as a record")
                    .doesNotContain(decided);
            cluster.append(0, new LogRecord.Ended(decided.xid()));
            assertThat(cluster.equalImage(0).decisions()).isEmpty();
            away.crash();
            away.start();
            assertThat(cluster.equalImage(0).blocks()).hasSize(1);
        }
    }

    @Test
    void damagedSnapshotKeepsTheNodeFromStarting() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            cluster.equalImage(0);
            TestCluster.Node node = cluster.follower(0);
            node.stop();
            Path newest = snapshots(node).get(0);
            byte[] bytes = Files.readAllBytes(newest);
            bytes[bytes.length / 2] ^= 1;
            Files.write(newest, bytes);
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(node::start)
                    .withMessageContaining(newest.getFileName().toString())
                    .withMessageContaining("checksum does not match");
        }
    }

    @Test
    void leaderThatCannotWriteItsLogStopsAndAnotherOneLeads() throws Exception {
        try (TestCluster cluster = new TestCluster(directory, 1, SmallFiles.SETTINGS).start()) {
            LogRecord.CommitDecided decided = cluster.decision(0, 5, Samples.INVENTORY);
            cluster.append(0, decided);
            cluster.equalImage(0);
            TestCluster.Node broken = cluster.leader(0);
            refuseNewLogFiles(broken);
            for (long pack = 100; pack < 110; pack++) {
                broken.raft().log(0).append(1, pack, List.of(SmallFiles.voidRecords()));
            }
            TestCluster.awaiting(
                    "the failure to be told",
                    () -> broken.listener(0).news().stream()
                            .anyMatch(news -> news.startsWith("failed: the log of shard 0 cannot be written")));
            broken.crash();
            assertThat(cluster.leader(0)).isNotSameAs(broken);
            assertThat(cluster.equalImage(0).decisions()).containsExactly(decided);
        }
    }

    /** The next log files lead into a directory that is not there: as root, a test cannot take rights away. */
    private static void refuseNewLogFiles(TestCluster.Node node) throws IOException {
        long next = node.raft().status(0).commitIndex() + 1;
        for (long index = next; index < next + 100; index++) {
            Files.createSymbolicLink(
                    node.groupDirectory(0).resolve("current").resolve("log_inprogress_" + index),
                    node.directory().resolve("missing").resolve("file"));
        }
    }

    private static boolean holdsFirstEntry(TestCluster.Node node) throws IOException {
        try (Stream<Path> files = Files.list(node.groupDirectory(0).resolve("current"))) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.matches("log_(inprogress_0|0-\\d+)"));
        }
    }

    private static List<Path> snapshots(TestCluster.Node node) throws IOException {
        try (Stream<Path> files = Files.list(node.groupDirectory(0).resolve("sm"))) {
            return files.filter(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                    .toList();
        }
    }
}
