package dev.assent.coordinator.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.observe.Counters;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.coordinator.ShardIdentity;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardTurnTest {
    private static final ClusterId CLUSTER = ClusterId.parse("shop-abcd1234");
    private static final long LOOP = 77;
    private static final long MILLIS = 1_000_000;
    private static final InstanceId INSTANCE = new InstanceId("inst00000001");
    private static final BranchId BRANCH = BranchId.parse("db.inst00000001.0");

    private final Journal journal = new Journal();
    private final Counters counters = new Counters();
    private final List<String> faults = new ArrayList<>();
    private final FaultSeam noting = (point, xid) -> faults.add(point.label());
    private long nowNanos;
    private FaultSeam seam = FaultSeam.NONE;
    private LoopSettings settings = LoopSettings.DEFAULT;
    private ScriptedCore core = new ScriptedCore(input -> List.of());
    private ShardTurn turn = turn(ShardTurnTest::decidesOrEnds);

    /** Commit is decided at once, a question about an outcome ends the transaction, a decision that stood is told. */
    private static List<Effect> decidesOrEnds(Input input) {
        if (input instanceof Input.Requested asked) {
            if (asked.request() instanceof Request.Commit commit) {
                return List.of(new Effect.Append(new LogRecord.CommitDecided(commit.xid(), List.of(BRANCH), 0)));
            }
            if (asked.request() instanceof Request.OutcomeQuestion question) {
                return List.of(new Effect.Append(new LogRecord.Ended(question.xid())));
            }
        }
        if (input instanceof Input.Applied applied && applied.record() instanceof LogRecord.CommitDecided decided) {
            return List.of(
                    new Effect.Reply(new RequestId("", decided.xid().seq()), new Answer.Committed(List.of())),
                    new Effect.Send(INSTANCE, new Command.CommitBranch(decided.xid(), BRANCH)));
        }
        return input instanceof Input.LeadershipWon ? List.of(new Effect.AnnounceReady(3)) : List.of();
    }

    private ShardTurn turn(Function<Input, List<Effect>> script) {
        core = new ScriptedCore(script);
        ShardWorld world = new ShardWorld(journal, journal, journal, counters, seam, cause -> {});
        ShardIdentity identity = new ShardIdentity(CLUSTER, 0, new NodeId("n1"), LOOP);
        return new ShardTurn(identity, core, world, settings, new Clocks(() -> nowNanos, () -> 1234L));
    }

    private static Xid xid(long seq) {
        return new Xid(CLUSTER, 0, 3, seq);
    }

    private static Item commit(long seq) {
        Request request = new Request.Commit(
                xid(seq),
                dev.assent.protocol.message.AnswerMode.AFTER_DECISION,
                dev.assent.protocol.CallSums.NONE_KEPT);
        return new Item.Arrived(List.of(new Input.Requested(new RequestId("", seq), request)), () -> {});
    }

    private static Item end(long seq) {
        Request request = new Request.OutcomeQuestion(xid(seq));
        return new Item.Arrived(List.of(new Input.Requested(new RequestId("", seq), request)), () -> {});
    }

    private Item.PackApplied applied(long loop, long number, int pack) {
        return new Item.PackApplied(
                loop,
                number,
                journal.packs.get(pack).stream()
                        .map(record -> new Input.Applied(3, record, true))
                        .toList());
    }

    @Test
    void everythingThatArrivedTogetherGoesIntoOnePack() {
        turn.run(IntStream.range(0, 500).mapToObj(ShardTurnTest::commit).toList());

        assertThat(journal.taken()).containsExactly("append 1 of 500", "flush");
    }

    @Test
    void aSingleCommitWaitsForNoCompany() {
        turn.run(List.of(commit(1)));

        assertThat(journal.taken()).containsExactly("append 1 of 1", "flush");
    }

    @Test
    void thePackIsSubmittedBeforeAnythingElseLeaves() {
        turn.run(List.of(commit(1)));
        journal.lines.clear();

        turn.run(List.of(commit(2), applied(LOOP, 1, 0)));

        assertThat(journal.taken()).containsExactly("append 2 of 1", "reply #1", "send CommitBranch", "flush");
    }

    @Test
    void recordsGatherWhileAPackIsOutAndLeaveTogether() {
        turn.run(List.of(commit(1)));
        turn.run(List.of(commit(2)));
        turn.run(List.of(commit(3)));
        assertThat(journal.packs).hasSize(1);

        turn.run(List.of(applied(LOOP, 1, 0)));

        assertThat(journal.packs.get(1))
                .extracting(record -> ((LogRecord.CommitDecided) record).xid().seq())
                .containsExactly(2L, 3L);
    }

    @Test
    void twoPacksMayBeOutIfTheSettingSaysSo() {
        settings = new LoopSettings(100, 1 << 16, 2, 10, MILLIS, MILLIS);
        turn = turn(ShardTurnTest::decidesOrEnds);

        turn.run(List.of(commit(1)));
        turn.run(List.of(commit(2)));
        turn.run(List.of(commit(3)));

        assertThat(journal.packs).hasSize(2);
    }

    @Test
    void aPackKeepsItsLargestSizeAndTheRestWaits() {
        settings = new LoopSettings(10_000, 300, 1, 10, MILLIS, MILLIS);
        turn = turn(ShardTurnTest::decidesOrEnds);

        turn.run(IntStream.range(0, 5).mapToObj(ShardTurnTest::commit).toList());
        assertThat(journal.packs.get(0)).hasSize(3);
        turn.run(List.of(applied(LOOP, 1, 0)));

        assertThat(journal.packs.get(1)).hasSize(2);
    }

    @Test
    void decisionsAreStampedWithTheWallClock() {
        turn.run(List.of(commit(1)));

        assertThat(journal.packs.get(0)).containsExactly(new LogRecord.CommitDecided(xid(1), List.of(BRANCH), 1234));
    }

    @Test
    void aRecordNobodyWaitsForRidesWithTheNextThatSomebodyWaitsFor() {
        turn.run(List.of(end(1)));
        assertThat(journal.packs).isEmpty();

        turn.run(List.of(commit(2)));

        assertThat(journal.packs.get(0)).hasSize(2);
        assertThat(counters.counts().lazyRecords()).isEqualTo(1);
        assertThat(counters.counts().forcedRecords()).isEqualTo(1);
    }

    @Test
    void aRecordNobodyWaitsForGoesAloneAfterASecond() {
        turn.run(List.of(end(1)));
        assertThat(turn.nextDeadlineNanos()).isEqualTo(1000 * MILLIS);

        nowNanos = 999 * MILLIS;
        turn.run(List.of());
        assertThat(journal.packs).isEmpty();
        nowNanos = 1000 * MILLIS;
        turn.run(List.of());

        assertThat(journal.packs).hasSize(1);
    }

    @Test
    void recordsNobodyWaitsForGoAloneWhenTwoThousandWait() {
        turn.run(IntStream.range(0, 1999).mapToObj(ShardTurnTest::end).toList());
        assertThat(journal.packs).isEmpty();

        turn.run(List.of(end(2000)));

        assertThat(journal.packs.get(0)).hasSize(2000);
    }

    @Test
    void aRefusedPackGoesOutAgainUnderAnotherNumberAndBeforeAnythingNewer() {
        turn.run(List.of(commit(1)));
        turn.run(List.of(commit(2)));
        turn.run(List.of(new Item.PackRefused(LOOP, 1, "leader is stepping down")));
        assertThat(journal.packs).hasSize(1);

        nowNanos = turn.nextDeadlineNanos();
        turn.run(List.of());
        turn.run(List.of(applied(LOOP, 2, 1)));

        assertThat(journal.packs.get(1)).isEqualTo(journal.packs.get(0));
        assertThat(journal.packs.get(2))
                .extracting(record -> ((LogRecord.CommitDecided) record).xid().seq())
                .containsExactly(2L);
    }

    @Test
    void aPackOfAnotherLifeFreesNoSlotButReachesTheCore() {
        turn.run(List.of(commit(1)));
        turn.run(List.of(commit(2)));

        turn.run(List.of(applied(LOOP + 1, 1, 0)));

        assertThat(journal.packs).hasSize(1);
        assertThat(core.inputs).last().isInstanceOf(Input.Applied.class);
    }

    @Test
    void anUncertainPackIsWaitedForAndAfterTenSecondsTheLeadershipIsGivenUp() {
        turn.run(List.of(new Item.Won(), commit(1)));
        turn.run(List.of(commit(2)));
        assertThat(turn.readyTerm()).isEqualTo(3);
        journal.taken();

        nowNanos = 9_999 * MILLIS;
        turn.run(List.of());
        assertThat(journal.taken()).containsExactly("flush");
        nowNanos = 10_000 * MILLIS;
        turn.run(List.of());

        assertThat(journal.taken()).containsExactly("announceLost", "stepDown", "flush");
        assertThat(core.inputs).last().isEqualTo(new Input.LeadershipLost());
        assertThat(turn.readyTerm()).isZero();
    }

    @Test
    void whoGaveUpAsksAgainUntilTheLeadershipIsGone() {
        turn.run(List.of(new Item.Won(), commit(1)));
        nowNanos = 10_000 * MILLIS;
        turn.run(List.of());
        journal.taken();

        nowNanos = 11_000 * MILLIS;
        turn.run(List.of());
        assertThat(journal.taken()).containsExactly("stepDown", "flush");
        turn.run(List.of(new Item.Lost()));

        assertThat(turn.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatWaitsWhenTheLeadershipIsLostIsNeverSubmitted() {
        turn.run(List.of(commit(1)));
        turn.run(List.of(commit(2), new Item.Lost()));

        turn.run(List.of(applied(LOOP, 1, 0)));
        turn.run(List.of(new Item.PackRefused(LOOP, 1, "late")));

        assertThat(journal.packs).hasSize(1);
        assertThat(turn.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void readinessThatEndedInTheSameTurnIsNotAnnounced() {
        turn.run(List.of(new Item.Won(), new Item.Lost()));

        assertThat(journal.taken()).containsExactly("announceLost", "flush");
        assertThat(turn.readyTerm()).isZero();
    }

    @Test
    void theCoreIsToldOfTimeAfterWhatArrived() {
        core.deadlineNanos = 5;
        nowNanos = 5;

        turn.run(List.of(commit(1)));

        assertThat(core.inputs).hasSize(2).last().isEqualTo(new Input.Tick());
    }

    @Test
    void stoppingForGoodSubmitsAndAnswersNothingMore() {
        turn.run(List.of(new Item.Won(), commit(1)));
        turn.run(List.of(commit(2)));
        journal.taken();

        turn.abandon();

        assertThat(journal.taken()).containsExactly("stepDown", "announceLost", "flush");
        assertThat(turn.readyTerm()).isZero();
    }

    @Test
    void everyStepOfACommitHasItsFaultPoint() {
        seam = noting;
        turn = turn(ShardTurnTest::decidesOrEnds);

        turn.run(List.of(new Item.Won(), commit(1)));
        turn.run(List.of(applied(LOOP, 1, 0), end(1)));
        nowNanos = 1000 * MILLIS;
        turn.run(List.of());
        turn.run(List.of(new Item.Lost()));

        assertThat(faults)
                .containsExactly(
                        "leader.elected",
                        "commit.received",
                        "decision.before-append",
                        "decision.appended",
                        "leader.ready",
                        "decision.applied",
                        "reply.before-send",
                        "command.before-send",
                        "ended.before-append",
                        "leader.lost");
    }

    @Test
    void aCrashBeforeTheAppendSubmitsNothing() {
        seam = (point, xid) -> {
            if (point == FaultPoint.DECISION_BEFORE_APPEND) {
                throw new FaultSeam.SimulatedCrash(point);
            }
        };
        turn = turn(ShardTurnTest::decidesOrEnds);

        assertThatThrownBy(() -> turn.run(List.of(commit(1)))).isInstanceOf(FaultSeam.SimulatedCrash.class);
        assertThat(journal.packs).isEmpty();
    }
}
