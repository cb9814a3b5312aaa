package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader that is told to stop hands over first. Followers of this cluster would wait ten seconds before they elect
 * anybody, and a transaction has one second: whoever had to wait for an election would see ten fail. So what is counted
 * is refusals, not time.
 */
class GracefulStopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WRITERS = 4;

    /** What a writer has on its way at that moment, and what it begins before the news of the new leader reaches it. */
    private static final int REFUSALS_EACH = 2;

    private static final List<String> SETTINGS = List.of(
            "raft:",
            "  election-timeout-min: 10s",
            "  election-timeout-max: 12s",
            "transactions:",
            "  timeout: 1s",
            "  timeout-cap: 1s");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void noWriterMissesMoreThanWhatItHadOnItsWay() throws Exception {
        try (ProcessCluster cluster = ProcessCluster.start(directory.resolve("cluster"), 3, 1, SETTINGS, List.of());
                Pair pair = new OneProcess(directory, cluster.addresses());
                Assent asker = Assent.connect(cluster.addresses());
                Writers writers = new Writers(pair, WRITERS, "w")) {
            Judge judge = new Judge(pair.books(), cluster::openTransactions);
            writers.awaitCommits(100, PATIENCE);
            int leader = Await.value("a leader", PATIENCE, () -> cluster.leaderOf(0));
            long refusedBefore = refused(writers);

            cluster.process(leader).terminate(PATIENCE);
            writers.awaitCommits(100, PATIENCE);

            assertThat(refused(writers) - refusedBefore)
                    .as(writers.told().stream()
                            .filter(told -> !told.isCommitted())
                            .toList()
                            .toString())
                    .isLessThanOrEqualTo((long) WRITERS * REFUSALS_EACH);
            writers.stop();
            assertThat(judge.holds(writers.told(), asker))
                    .allMatch(told -> told.isCommitted() || told.isRetryable(), "is committed or may be begun anew");
            judge.nothingIsLeft();
        }
    }

    private static long refused(Writers writers) {
        return writers.told().stream().filter(told -> !told.isCommitted()).count();
    }
}
