package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of one node's log is full: its process ends and says why, the others go on, and started again it is back. */
class FullDiskTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void nodeWhoseDiskIsFullEndsAndIsBackOnceItIsStartedAgain(@TempDir Path directory) throws Exception {
        // Whichever node forces its log for the sixtieth time first is the one.
        List<String> full = List.of("-Dassent.fault=log.before-force:full:nth=60:once=" + directory.resolve("struck"));
        try (ProcessCluster cluster = ProcessCluster.start(directory.resolve("cluster"), 3, 1, List.of(), full);
                Pair pair = new OneProcess(directory, cluster.addresses());
                Assent asker = Assent.connect(cluster.addresses());
                Writers writers = new Writers(pair, 2, "full")) {
            int struck = Await.value("a node ends", PATIENCE, () -> ended(cluster));
            assertThat(cluster.process(struck).exitCode()).contains(1);
            assertThat(cluster.process(struck).output())
                    .contains("the log of shard 0 cannot be written")
                    .contains("No space left on device");
            writers.awaitCommits(20, PATIENCE);

            cluster.startNode(struck, full);

            Await.that("the node has caught up", PATIENCE, () -> hasCaughtUp(cluster, struck));
            writers.awaitCommits(20, PATIENCE);
            writers.stop();
            Judge judge = new Judge(pair.books(), cluster::openTransactions);
            judge.holds(writers.told(), asker);
            judge.nothingIsLeft();
        }
    }

    private static Optional<Integer> ended(ProcessCluster cluster) {
        for (int node = 0; node < cluster.size(); node++) {
            if (!cluster.process(node).isAlive()) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    /** What it has applied is at least what some other node had applied before. */
    private static boolean hasCaughtUp(ProcessCluster cluster, int node) {
        long others = applied(cluster, (node + 1) % cluster.size());
        return others >= 0 && applied(cluster, node) >= others;
    }

    private static long applied(ProcessCluster cluster, int node) {
        return cluster.shardsOf(node).stream()
                .mapToLong(s -> s.progress().appliedIndex())
                .findFirst()
                .orElse(-1);
    }
}
