package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The leader dies at a named step of a transaction, another one takes over, and the dead one comes back. What the
 * initiator is told is what both databases hold, and nothing is left behind.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class LeaderDeathTest {
    private static final long PATIENCE_SECONDS = 60;

    /** What a transaction must come to whose leader dies there; empty where both are right. */
    private static final Map<FaultPoint, Optional<Outcome>> FATES = fates();

    static final List<FaultPoint> POINTS = List.copyOf(FATES.keySet());

    private final int shards;
    private final List<Told> told = new ArrayList<>();
    private LocalCluster cluster;
    private Pair pair;
    private Assent asker;
    private Judge judge;

    LeaderDeathTest(int shards) {
        this.shards = shards;
    }

    private static Map<FaultPoint, Optional<Outcome>> fates() {
        Map<FaultPoint, Optional<Outcome>> fates = new EnumMap<>(FaultPoint.class);
        Optional<Outcome> aborted = Optional.of(Outcome.ABORTED);
        Optional<Outcome> committed = Optional.of(Outcome.COMMITTED);
        // The record is on its way into a log of three: it may stand or be lost with its leader.
        fates.put(FaultPoint.COMMIT_RECEIVED, aborted);
        fates.put(FaultPoint.PREPARE_SENT, aborted);
        fates.put(FaultPoint.VOTE_RECEIVED, aborted);
        fates.put(FaultPoint.DECISION_BEFORE_APPEND, aborted);
        fates.put(FaultPoint.DECISION_APPENDED, Optional.empty());
        fates.put(FaultPoint.DECISION_APPLIED, committed);
        fates.put(FaultPoint.COMMAND_BEFORE_SEND, committed);
        fates.put(FaultPoint.ACK_RECEIVED, committed);
        fates.put(FaultPoint.REPLY_BEFORE_SEND, committed);
        fates.put(FaultPoint.ENDED_BEFORE_APPEND, committed);
        return fates;
    }

    abstract Pair pair(Path directory, String coordinators);

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = LocalCluster.start(directory.resolve("cluster"), 3, shards, UnaryOperator.identity());
        pair = pair(directory, cluster.addresses());
        asker = Assent.connect(cluster.addresses());
        judge = new Judge(pair.books(), cluster::openTransactions);
    }

    @AfterAll
    void nothingIsLeftAndNothingIsTakenBack() {
        try (LocalCluster ended = cluster;
                Pair closed = pair;
                Assent last = asker) {
            judge.nothingIsLeft();
            judge.answersStay(last);
            assertThat(ended.failures()).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("POINTS")
    void outcomeIsWhatTheInitiatorWasTold(FaultPoint point) throws Exception {
        commit("before-" + point.label());
        if (point == FaultPoint.ENDED_BEFORE_APPEND) {
            // These records ride along within a second: the one of an earlier transaction must not be the one.
            judge.nothingIsListed();
        }
        CompletableFuture<Integer> victim = cluster.crashAt(point);

        Told struck = write("struck-" + point.label());

        int dead = victim.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        cluster.awaitLeaders();
        commit("without-" + point.label());
        cluster.startNode(dead);
        commit("again-" + point.label());
        Optional<Outcome> fate = FATES.getOrDefault(point, Optional.empty());
        assertThat(struck.outcome()).as(struck.why()).isPresent();
        if (fate.isPresent()) {
            assertThat(struck.outcome()).as(struck.why()).isEqualTo(fate);
        }
        judge.holds(told, asker);
    }

    @Test
    void allNodesDieWithATransactionPrepared() throws Exception {
        assertThat(allDieAt(FaultPoint.DECISION_BEFORE_APPEND, "all-prepared").outcome())
                .contains(Outcome.ABORTED);
    }

    @Test
    void allNodesDieWithATransactionCommitting() throws Exception {
        assertThat(allDieAt(FaultPoint.COMMAND_BEFORE_SEND, "all-committing").outcome())
                .contains(Outcome.COMMITTED);
    }

    private Told allDieAt(FaultPoint point, String id) throws Exception {
        judge.nothingIsListed();
        CompletableFuture<Integer> first = cluster.crashAt(point);
        CompletableFuture<Void> restart = first.thenAcceptAsync(dead -> {
            for (int node = 0; node < cluster.size(); node++) {
                cluster.kill(node);
            }
            for (int node = 0; node < cluster.size(); node++) {
                cluster.startNode(node);
            }
        });

        Told struck = write(id);

        restart.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        cluster.awaitLeaders();
        commit("after-" + id);
        judge.holds(told, asker);
        return struck;
    }

    private Told write(String id) {
        Told one = Told.by(pair.initiator(), id, () -> pair.write(id));
        told.add(one);
        return one;
    }

    /** On every shard, because numbers are taken from the shards in turn. */
    private void commit(String id) {
        for (int shard = 0; shard < shards; shard++) {
            commitInTheEnd(id + "-" + shard);
        }
    }

    /** Until the news of a new leader has reached everybody, work may abort and has to be begun anew. */
    private void commitInTheEnd(String id) {
        AtomicInteger attempts = new AtomicInteger();
        Await.that("transaction " + id + " commits", Duration.ofSeconds(PATIENCE_SECONDS), () -> {
            Told one = write(id + "-" + attempts.incrementAndGet());
            assertThat(one).matches(t -> t.isCommitted() || t.isRetryable(), "is committed or may be begun anew");
            return one.isCommitted();
        });
    }
}
