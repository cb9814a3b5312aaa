package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.CoordinatorServiceGrpc.CoordinatorServiceBlockingStub;
import dev.assent.proto.v1.GetOutcomeRequest;
import dev.assent.proto.v1.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.ProcessCluster;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The leader's process is stopped for longer than an election takes and goes on as if nothing had happened, while
 * transactions commit at its successor. Before it learns that it was deposed it may know less, but nothing else.
 */
@TestInstance(Lifecycle.PER_CLASS)
class PausedLeaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WRITERS = 3;

    private ProcessCluster cluster;
    private Pair pair;
    private Assent asker;
    private Judge judge;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = ProcessCluster.start(directory.resolve("cluster"), 3, 1, List.of(), List.of());
        pair = new OneProcess(directory, cluster.addresses());
        asker = Assent.connect(cluster.addresses());
        judge = new Judge(pair.books(), cluster::openTransactions);
    }

    @AfterAll
    void nothingIsLeft() {
        try (ProcessCluster ended = cluster;
                Pair closed = pair;
                Assent last = asker) {
            judge.nothingIsLeft();
            judge.answersStay(last);
        }
    }

    @RepeatedTest(2)
    void whoeverWasDeposedContradictsNobody(RepetitionInfo round) throws Exception {
        int old = Await.value("a leader", PATIENCE, () -> cluster.leaderOf(0));
        try (Writers writers = new Writers(pair, WRITERS, "round-" + round.getCurrentRepetition())) {
            writers.awaitCommits(20, PATIENCE);

            cluster.process(old).pause();
            // Commits resume only when another leader is there: no clock says how long that takes.
            writers.awaitCommits(50, PATIENCE);
            List<Told> toldMeanwhile = writers.told();
            cluster.process(old).resume();

            oldLeaderContradictsNothing(old, toldMeanwhile);
            writers.awaitCommits(50, PATIENCE);
            writers.stop();
            judge.holds(writers.told(), asker);
        } finally {
            cluster.process(old).resume();
        }
    }

    /** Asks it again and again, until it says itself that it does not lead. */
    private void oldLeaderContradictsNothing(int old, List<Told> told) {
        String address = cluster.addresses().split(",", -1)[old];
        List<String> contradictions = new ArrayList<>();
        try (AdminChannels channels = new AdminChannels(Duration.ofSeconds(10))) {
            CoordinatorServiceBlockingStub stub = CoordinatorServiceGrpc.newBlockingStub(channels.channel(address));
            Await.that("the old leader knows that it was deposed", PATIENCE, () -> {
                boolean hasRefused = false;
                for (Told one : told) {
                    Optional<Outcome> said = one.xid().flatMap(xid -> said(stub, xid));
                    hasRefused |= said.isEmpty();
                    if (said.isPresent() && contradicts(one, said.get())) {
                        contradictions.add(one + ", the old leader says " + said.get());
                    }
                }
                return hasRefused;
            });
        }
        assertThat(contradictions).isEmpty();
    }

    private static boolean contradicts(Told told, Outcome said) {
        return told.outcome().isPresent()
                && said != Outcome.PENDING
                && (said == Outcome.COMMITTED) != told.isCommitted();
    }

    /** Empty if it says that it does not lead. */
    private static Optional<Outcome> said(CoordinatorServiceBlockingStub stub, Xid xid) {
        try {
            return Optional.of(stub.withDeadlineAfter(10, TimeUnit.SECONDS)
                    .getOutcome(GetOutcomeRequest.newBuilder()
                            .setXid(xid.toString())
                            .build())
                    .getResult()
                    .getOutcome());
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(Status.Code.UNAVAILABLE);
            return Optional.empty();
        }
    }
}
