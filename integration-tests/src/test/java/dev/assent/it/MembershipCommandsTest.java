package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.BirthState;
import dev.assent.coordinator.admin.ClusterChange;
import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.testkit.Await;
import dev.assent.testkit.ChildJvm;
import dev.assent.testkit.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of members that stop half-way, that are repeated, and that must not happen. */
class MembershipCommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHARDS = 3;

    @TempDir
    private Path directory = Path.of("");

    private Operator operator;
    private ProcessCluster cluster;

    @BeforeEach
    void start() {
        operator = new Operator(directory);
        cluster = ProcessCluster.start(directory.resolve("cluster"), 3, SHARDS, List.of(), List.of());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void commandThatDiesHalfWayGoesOnWhenItIsRepeated() {
        int added = cluster.startNewNode(List.of());
        NodeId id = cluster.id(added);
        assertThatThrownBy(() -> change(step -> {
                            if (step.startsWith("Shard 0")) {
                                throw new OperatorDied();
                            }
                        })
                        .add(cluster.address(added)))
                .isInstanceOf(OperatorDied.class);
        assertThat(shardsOf(id)).containsExactly(0);
        // What was done so far outlives the new node, too.
        cluster.process(added).kill();
        cluster.startNode(added, List.of());
        Await.that(
                id + " answers again", PATIENCE, () -> !cluster.shardsOf(added).isEmpty());

        Operator.Ran again = add(added);
        assertThat(again.exitCode()).as(again.output()).isZero();
        assertThat(again.output())
                .contains("Shard 0: " + id + " was a member already", "Shard 2: " + id + " is a member now");
        assertThat(shardsOf(id)).containsExactly(0, 1, 2);

        Operator.Ran third = add(added);
        assertThat(third.exitCode()).isZero();
        assertThat(third.output()).contains("was a member already; nothing was done");
    }

    @Test
    void withoutAMajorityNothingIsAddedAndTheOperatorIsToldWhatHelps() {
        int added = cluster.startNewNode(List.of());
        cluster.process(1).kill();
        cluster.process(2).kill();

        Operator.Ran refused = add(added);
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(3);
        assertThat(refused.output())
                .contains("of its 3 members only 1 answer, and 2 are needed")
                .contains("Start one of [node-2, node-3] again, with the data directory that it had")
                .doesNotContain("Exception");
        try (AdminChannels channels = new AdminChannels(Duration.ofSeconds(5))) {
            assertThat(channels.admin(cluster.address(added)).node().state()).isEqualTo(BirthState.EMPTY);
        }

        cluster.startNode(2, List.of());
        assertThat(add(added).exitCode()).isZero();
    }

    @Test
    void livingMemberStaysWhenTheRestWouldHaveNoMajority() {
        cluster.process(2).kill();
        Operator.Ran refused = operator.cluster("remove", "node-2", "--nodes", cluster.address(0));
        assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output())
                .contains("would lose its majority", "[node-3]", "./assent cluster remove node-3")
                .doesNotContain("Exception");
        assertThat(shardsOf(cluster.id(1))).hasSize(SHARDS);
    }

    /** None of the first three was born knowing the node: only their logs have named it. */
    @Test
    void idThatWasEverAMembersIsNeverGivenToAnother() throws Exception {
        int gone = cluster.startNewNode(List.of());
        assertThat(add(gone).exitCode()).isZero();
        cluster.process(gone).kill();
        Operator.Ran removed = operator.cluster("remove", "node-4", "--nodes", cluster.address(0));
        assertThat(removed.exitCode()).as(removed.output()).isZero();

        wipe(cluster.home(gone).resolve("data"));
        cluster.startNode(gone, List.of());
        ChildJvm wiped = cluster.process(gone);
        wiped.awaitEnd(PATIENCE);
        assertThat(wiped.exitCode()).contains(1);
        assertThat(wiped.output()).contains("has lost its data", "a replacement needs a new id");
    }

    @Test
    void deadNodeThatComesBackAfterItsRemovalStopsForGood() {
        cluster.process(2).kill();
        assertThat(operator.cluster("remove", "node-3", "--nodes", cluster.address(0))
                        .exitCode())
                .isZero();
        cluster.startNode(2, List.of());
        ChildJvm back = cluster.process(2);
        back.awaitEnd(PATIENCE);
        assertThat(back.exitCode()).as(back.tail()).contains(0);
        assertThat(back.output()).contains("was removed from its cluster and has stopped");
        cluster.startNode(2, List.of());
        ChildJvm again = cluster.process(2);
        again.awaitEnd(PATIENCE);
        assertThat(again.exitCode()).contains(1);
        assertThat(again.output()).contains("give it a new node.id");
    }

    @Test
    void statusAndRefusalsWorkWithANodeDown() {
        cluster.process(1).kill();
        cluster.awaitLeaders(PATIENCE);
        Operator.Ran status = operator.cluster("status", "--nodes", cluster.address(0));
        assertThat(status.exitCode()).as(status.output()).isZero();
        assertThat(status.output().lines().filter(line -> line.contains("node-2")))
                .as(status.output())
                .hasSize(1 + SHARDS)
                .anyMatch(line -> line.contains("NO ANSWER"))
                .anyMatch(line -> line.contains("no answer"));
        assertThat(status.output().lines().filter(line -> line.contains(" leader ")))
                .as(status.output())
                .hasSize(SHARDS);

        Operator.Ran transfer = operator.cluster("transfer", "node-2", "--nodes", cluster.address(0));
        assertThat(transfer.exitCode()).isEqualTo(1);
        assertThat(transfer.output()).contains("Node 'node-2' cannot lead: it does not answer.");
        Operator.Ran unknown = operator.cluster("remove", "node-9", "--nodes", cluster.address(0));
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.output()).contains("There is no node 'node-9' in the cluster.");
    }

    /** Shards that count the node among their members, as the leaders say. */
    private List<Integer> shardsOf(NodeId id) {
        cluster.awaitLeaders(PATIENCE);
        List<Integer> shards = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            int wanted = shard;
            int leader = cluster.leaderOf(shard).orElseThrow();
            cluster.shardsOf(leader).stream()
                    .filter(status -> status.shard() == wanted && status.hasMember(id))
                    .map(ShardStatus::shard)
                    .forEach(shards::add);
        }
        return shards;
    }

    private Operator.Ran add(int node) {
        return operator.cluster("add", cluster.address(node), "--nodes", cluster.address(0));
    }

    private ClusterChange change(Consumer<String> progress) {
        AdminChannels channels = new AdminChannels(Duration.ofSeconds(40));
        return new ClusterChange(List.of(cluster.address(0)), channels::admin, progress);
    }

    private static void wipe(Path data) throws IOException {
        try (Stream<Path> tree = Files.walk(data)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The command's process ends in the middle. */
    private static final class OperatorDied extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
