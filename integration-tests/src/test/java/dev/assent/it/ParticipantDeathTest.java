package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Outcome;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A participant's process is killed at a step of its branch and started again. Its branch ends as the initiator was told
 * and as the other branch did.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ParticipantDeathTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ArmedFault faultsAtHome = new ArmedFault();
    private final List<Told> told = new ArrayList<>();
    private LocalCluster cluster;
    private Ledger home;
    private RemoteLedger away;
    private Assent initiator;
    private Judge judge;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = LocalCluster.start(directory.resolve("cluster"));
        home = new Ledger(directory, "home");
        away = new RemoteLedger(directory, "away", cluster.addresses());
        initiator = Assent.builder("home")
                .coordinators(cluster.addresses())
                .development(true)
                .faults(faultsAtHome)
                .resource("home-db", home.pool())
                .start();
        judge = new Judge(List.of(home, away), cluster::openTransactions);
    }

    @AfterAll
    void nothingIsLeftAndNothingIsTakenBack() {
        try (LocalCluster ended = cluster;
                Ledger local = home;
                RemoteLedger remote = away;
                Assent last = initiator) {
            judge.nothingIsLeft();
            judge.answersStay(last);
            assertThat(ended.failures()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "prepare.before-evidence, ABORTED",
        "prepare.before-durable, ABORTED",
        "prepare.durable, ABORTED",
        "commit.before-database, COMMITTED",
        "commit.durable, COMMITTED"
    })
    void branchEndsAsTold(String point, Outcome expected) throws Exception {
        commit("before-" + point);
        away.arm(point + ":kill");

        Told struck = struckWhileAwayDies("struck-" + point, () -> writeBoth("struck-" + point));

        assertThat(struck.outcome()).as(struck.why()).contains(expected);
        commit("after-" + point);
        judge.holds(told, initiator);
    }

    @Test
    void activeBranchThatIsToAbortIsGoneWithItsProcess() throws Exception {
        away.arm("abort.before-database:kill");

        Told struck = struckWhileAwayDies("active", () -> {
            writeBoth("active");
            throw new IllegalStateException("the application's own");
        });

        assertThat(struck.outcome()).as(struck.why()).contains(Outcome.ABORTED);
        commit("after-active");
        judge.holds(told, initiator);
    }

    @Test
    void preparedBranchThatIsToAbortIsFoundByRecovery() throws Exception {
        away.arm("abort.before-database:kill");
        Told struck = struckWhileAwayDies("refused", () -> {
            writeBoth("refused");
            // Home votes NO.
            faultsAtHome.arm("prepare.before-evidence:throw");
        });

        faultsAtHome.disarm();
        assertThat(struck.outcome()).as(struck.why()).contains(Outcome.ABORTED);
        commit("after-refused");
        judge.holds(told, initiator);
    }

    private Told struckWhileAwayDies(String id, Told.Work work) throws Exception {
        CompletableFuture<Told> struck = CompletableFuture.supplyAsync(() -> Told.by(initiator, id, work));
        Await.that("the participant dies", PATIENCE, () -> !away.isAlive());
        away.restart();
        Told one = struck.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        told.add(one);
        return one;
    }

    private void writeBoth(String id) throws Exception {
        Ledger.write(initiator.dataSource("home-db"), id);
        TextCall.say(away.channel(initiator), "write " + id);
    }

    private void commit(String id) {
        Told one = Told.by(initiator, id, () -> writeBoth(id));
        told.add(one);
        assertThat(one).matches(Told::isCommitted, "is committed");
    }
}
