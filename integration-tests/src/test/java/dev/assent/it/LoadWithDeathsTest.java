package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.config.RaftSettings;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A minute of transfers between two ledgers while nodes are killed and started again, one after the other. Money is
 * conserved to the cent, every outcome that was told holds, and no log grows beyond its bound.
 */
@Tag("load")
class LoadWithDeathsTest {
    private static final Duration DURATION = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WRITERS = 6;
    private static final int SHARDS = 2;
    private static final long LOG_BOUND_BYTES = 32 << 10;
    private static final long SEGMENT_BYTES = 1 << 20;

    @Test
    void transfersSurviveTheDeathsOfNodes(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("seed", 20_261_125L);
        System.out.println("LoadWithDeathsTest -Dseed=" + seed);
        try (LocalCluster cluster =
                        LocalCluster.start(directory.resolve("cluster"), 3, SHARDS, LoadWithDeathsTest::withSmallLog);
                Pair pair = new ThreeProcesses(directory, cluster.addresses());
                Assent asker = Assent.connect(cluster.addresses());
                Writers writers = new Writers(WRITERS, number -> run(pair, Transfer.draw(seed, number)))) {
            int deaths = killInTurn(cluster, writers, new Random(seed));
            writers.stop();

            Judge judge = new Judge(pair.books(), cluster::openTransactions);
            List<Told> committed = judge.holds(writers.told(), asker).stream()
                    .filter(Told::isCommitted)
                    .toList();
            judge.nothingIsLeft();
            moneyIsConserved(pair, seed, committed);
            logsWereReplacedBySnapshots(cluster);
            assertThat(cluster.failures()).isEmpty();
            System.out.println(
                    committed.size() + " committed of " + writers.told().size() + ", " + deaths + " deaths");
            assertThat(deaths).as("deaths").isGreaterThanOrEqualTo(6);
            assertThat(committed).as("committed").hasSizeGreaterThan(1_000);
        }
    }

    private static NodeConfig withSmallLog(NodeConfig config) {
        return config.with(new RaftSettings(
                config.raft().electionTimeoutMin(), config.raft().electionTimeoutMax(), LOG_BOUND_BYTES));
    }

    /** Drawn from the seed and the number alone; one in ten fails on purpose after it has written everywhere. */
    private record Transfer(String id, int account, long cents, boolean fails) {
        static Transfer draw(long seed, long number) {
            Random draw = new Random(seed * 1_000_003 + number);
            return new Transfer(
                    "transfer-" + number, draw.nextInt(Ledger.ACCOUNTS), 1 + draw.nextInt(100), draw.nextInt(10) == 0);
        }
    }

    private static Told run(Pair pair, Transfer transfer) {
        return Told.by(pair.initiator(), transfer.id(), () -> {
            pair.move(transfer.id(), transfer.account(), transfer.cents());
            if (transfer.fails()) {
                throw new IllegalStateException("the application changes its mind");
            }
        });
    }

    /** One node after the other, the leader of some shard every other time; the next one when commits go on. */
    private static int killInTurn(LocalCluster cluster, Writers writers, Random draw) {
        long endNanos = System.nanoTime() + DURATION.toNanos();
        int deaths = 0;
        while (System.nanoTime() < endNanos) {
            writers.awaitCommits(100, PATIENCE);
            int victim = draw.nextBoolean() ? cluster.awaitLeader(draw.nextInt(SHARDS)) : draw.nextInt(cluster.size());
            cluster.kill(victim);
            deaths++;
            writers.awaitCommits(50 + draw.nextInt(100), PATIENCE);
            cluster.startNode(victim);
        }
        cluster.awaitLeaders();
        writers.awaitCommits(50, PATIENCE);
        return deaths;
    }

    private static void moneyIsConserved(Pair pair, long seed, List<Told> committed) {
        long moved = committed.stream()
                .mapToLong(told -> Transfer.draw(seed, numberOf(told)).cents())
                .sum();
        long opening = Ledger.ACCOUNTS * Ledger.OPENING_CENTS;
        assertThat(pair.left().cents()).isEqualTo(opening - moved);
        assertThat(pair.right().cents()).isEqualTo(opening + moved);
    }

    private static long numberOf(Told told) {
        return Long.parseLong(told.id().substring(told.id().indexOf('-') + 1));
    }

    private static void logsWereReplacedBySnapshots(LocalCluster cluster) {
        for (int node = 0; node < cluster.size(); node++) {
            List<Path> groups = groups(cluster.dataDirectory(node));
            assertThat(groups).hasSize(SHARDS);
            for (Path group : groups) {
                Await.that(
                        "a snapshot in " + group,
                        PATIENCE,
                        () -> !files(group.resolve("sm"), "snapshot\\.\\d+_\\d+")
                                .isEmpty());
                assertThat(files(group.resolve("current"), "log_(inprogress_0|0-\\d+)"))
                        .as("the first entries, which a snapshot has replaced")
                        .isEmpty();
                assertThat(bytesOf(files(group.resolve("current"), "log_.*")))
                        .as("bytes of the log in " + group)
                        .isLessThanOrEqualTo(LOG_BOUND_BYTES + 2 * SEGMENT_BYTES);
            }
        }
    }

    /** Directories of the shards' logs, wherever the node keeps them. */
    private static List<Path> groups(Path dataDirectory) {
        try (Stream<Path> found = Files.walk(dataDirectory, 4)) {
            return found.filter(path -> path.getFileName().toString().equals("current"))
                    .map(Path::getParent)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path directory, String pattern) {
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(path -> path.getFileName().toString().matches(pattern))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytesOf(List<Path> files) {
        return files.stream().mapToLong(file -> file.toFile().length()).sum();
    }
}
