package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.ChildJvm;
import dev.assent.testkit.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each of the nodes that a cluster was born with is replaced under a new id while transactions run, by the commands that
 * an operator has. The processes that use it were told of the first three nodes alone.
 */
class ReplacedNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SHARDS = 3;
    private static final int FIRST_NODES = 3;
    private static final int WRITERS = 3;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void clusterOutlivesEveryNodeThatItWasBornWith() throws Exception {
        Operator operator = new Operator(directory);
        try (ProcessCluster cluster =
                        ProcessCluster.start(directory.resolve("cluster"), FIRST_NODES, SHARDS, List.of(), List.of());
                Pair pair = new ThreeProcesses(directory, cluster.addresses());
                Assent asker = Assent.connect(cluster.addresses());
                Writers writers = new Writers(pair, WRITERS, "w")) {
            Judge judge = new Judge(pair.books(), cluster::openTransactions);
            writers.awaitCommits(30, PATIENCE);

            deadNodeIsRemovedAndThenReplaced(0, cluster, operator, writers);
            livingLeaderIsReplacedAndThenRemoved(1, cluster, operator, writers);
            deadNodeIsReplacedAndThenRemoved(2, cluster, operator, writers);

            writers.awaitCommits(30, PATIENCE);
            writers.stop();
            judge.holds(writers.told(), asker);
            judge.nothingIsLeft();
            judge.answersStay(asker);
            noneOfTheFirstIsAMember(cluster, operator);
        }
    }

    private static void deadNodeIsRemovedAndThenReplaced(
            int old, ProcessCluster cluster, Operator operator, Writers writers) {
        cluster.process(old).kill();
        writers.awaitCommits(10, PATIENCE);
        done(operator.cluster("remove", cluster.id(old).value(), "--nodes", cluster.address(2)));
        int added = cluster.startNewNode(List.of());
        done(operator.cluster("add", cluster.address(added), "--nodes", cluster.address(2)));
        writers.awaitCommits(30, PATIENCE);
    }

    private static void livingLeaderIsReplacedAndThenRemoved(
            int old, ProcessCluster cluster, Operator operator, Writers writers) {
        int added = cluster.startNewNode(List.of());
        done(operator.cluster("add", cluster.address(added), "--nodes", cluster.address(2)));
        done(operator.cluster("transfer", cluster.id(old).value(), "--nodes", cluster.address(2)));
        assertThat(cluster.leaderOf(SHARDS - 1)).contains(old);
        done(operator.cluster("remove", cluster.id(old).value(), "--nodes", cluster.address(2)));
        ChildJvm removed = cluster.process(old);
        Await.that("the removed node stops by itself", PATIENCE, () -> !removed.isAlive());
        assertThat(removed.exitCode()).as(removed.tail()).contains(0);
        writers.awaitCommits(30, PATIENCE);
    }

    private static void deadNodeIsReplacedAndThenRemoved(
            int old, ProcessCluster cluster, Operator operator, Writers writers) {
        int added = cluster.startNewNode(List.of());
        cluster.process(old).kill();
        String others = cluster.address(old) + "," + cluster.address(FIRST_NODES);
        done(operator.cluster("add", cluster.address(added), "--nodes", others));
        done(operator.cluster("remove", cluster.id(old).value(), "--nodes", others));
        Operator.Ran again = done(operator.cluster("remove", cluster.id(old).value(), "--nodes", others));
        assertThat(again.output()).contains("was removed before; nothing was done");
        writers.awaitCommits(30, PATIENCE);
    }

    private static void noneOfTheFirstIsAMember(ProcessCluster cluster, Operator operator) {
        List<String> last = new ArrayList<>();
        for (int node = FIRST_NODES; node < 2 * FIRST_NODES; node++) {
            last.add(cluster.id(node).value());
        }
        for (ShardStatus shard : cluster.shardsOf(FIRST_NODES)) {
            assertThat(shard.members())
                    .extracting(member -> member.id().value())
                    .containsExactlyElementsOf(last);
        }
        Operator.Ran status = done(operator.cluster("status", "--nodes", cluster.address(FIRST_NODES)));
        assertThat(status.output()).contains(last).doesNotContain("no answer").doesNotContain("node-1 ");
    }

    private static Operator.Ran done(Operator.Ran ran) {
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran;
    }
}
