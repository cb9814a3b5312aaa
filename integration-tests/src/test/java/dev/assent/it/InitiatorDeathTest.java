package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.ChildJvm;
import dev.assent.testkit.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The initiator's process is killed around its commit: the transaction ends by itself, and anybody may ask how. */
@TestInstance(Lifecycle.PER_CLASS)
class InitiatorDeathTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Path directory = Path.of("");
    private LocalCluster cluster;
    private Participant left;
    private Participant right;
    private Assent asker;
    private Judge judge;

    @BeforeAll
    void start(@TempDir Path temporary) {
        directory = temporary;
        cluster = LocalCluster.start(directory.resolve("cluster"));
        left = new Participant(directory, "left", cluster.addresses(), 0);
        right = new Participant(directory, "right", cluster.addresses(), 0);
        asker = Assent.connect(cluster.addresses());
        judge = new Judge(List.of(left.ledger(), right.ledger()), cluster::openTransactions);
    }

    @AfterAll
    void nothingIsLeft() {
        try (LocalCluster ended = cluster;
                Participant first = left;
                Participant second = right;
                Assent last = asker) {
            judge.nothingIsLeft();
            judge.answersStay(last);
            assertThat(ended.failures()).isEmpty();
        }
    }

    @Test
    void killedBeforeItsCommitLeavesNothing() {
        try (ChildJvm initiator = launch("never-asked", List.of("-Dassent.fault=commit.before-send:kill"))) {
            Xid xid = Xid.parse(initiator.awaitLine("XID ", PATIENCE));
            initiator.awaitEnd(PATIENCE);

            endsAs(Outcome.ABORTED, "never-asked", xid);
            assertThat(initiator.output()).doesNotContain("TOLD");
        }
    }

    @Test
    void killedBeforeItHeardTheOutcomeHasCommitted() {
        try (ChildJvm initiator = launch("never-told", List.of("-Dassent.fault=outcome.before-return:kill"))) {
            Xid xid = Xid.parse(initiator.awaitLine("XID ", PATIENCE));
            initiator.awaitEnd(PATIENCE);

            endsAs(Outcome.COMMITTED, "never-told", xid);
            assertThat(initiator.output()).doesNotContain("TOLD");
        }
    }

    @Test
    void killedWhileItWaitsChangesNothing() {
        // Holds phase two back until the initiator is dead.
        left.faults().arm("commit.before-database:delay:millis=1500");
        try (ChildJvm initiator = launch("waiting", List.of())) {
            Xid xid = Xid.parse(initiator.awaitLine("XID ", PATIENCE));
            Await.that(
                    "the branches are prepared",
                    PATIENCE,
                    () -> !left.ledger().inDoubt().isEmpty());
            initiator.kill();

            endsAs(Outcome.COMMITTED, "waiting", xid);
            assertThat(initiator.output()).doesNotContain("TOLD");
        } finally {
            left.faults().disarm();
        }
    }

    private ChildJvm launch(String id, List<String> options) {
        return ChildJvm.start(
                id,
                directory.resolve(id + ".log"),
                options,
                InitiatorProcess.class.getName(),
                List.of(cluster.addresses(), Integer.toString(left.port()), Integer.toString(right.port()), id));
    }

    private void endsAs(Outcome expected, String id, Xid xid) {
        Outcome outcome = Await.value("the outcome of " + xid, PATIENCE, () -> asker.outcome(xid));
        assertThat(outcome).isEqualTo(expected);
        judge.nothingIsListed();
        judge.holds(List.of(new Told(id, Optional.of(xid), Optional.of(expected), false, "nobody was told")), asker);
    }
}
