package dev.assent.protocol.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Transcript;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorInput.Answered;
import dev.assent.protocol.initiator.InitiatorInput.BeginWanted;
import dev.assent.protocol.initiator.InitiatorInput.CommitWanted;
import dev.assent.protocol.initiator.InitiatorInput.LeaderReady;
import dev.assent.protocol.initiator.InitiatorInput.Leased;
import dev.assent.protocol.initiator.InitiatorInput.Tick;
import dev.assent.protocol.initiator.InitiatorInput.Touched;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Drives one core by hand and writes down everything; checks at every step that the core is a function of its state. */
final class InitiatorScenario {
    static final InstanceId SELF = new InstanceId("selfselfself");
    static final ClusterId CLUSTER = new ClusterId("test", "abcdefgh");
    static final long TERM = 5;
    static final long LEASE_NANOS = TimeUnit.MINUTES.toNanos(10);
    static final Answer NOT_LEADER = new Answer.Refused(Answer.Reason.NOT_LEADER, 6, "moved");

    private final Transcript transcript = new Transcript(SELF.incarnation());
    private final InitiatorCore core = new InitiatorCore(CLUSTER, SELF, InitiatorSettings.DEFAULTS);
    private long nowNanos;
    private List<InitiatorEffect> last = List.of();

    static Xid xid(long seq) {
        return new Xid(CLUSTER, 0, TERM, seq);
    }

    /** A leader is ready, one caller waits, and a block has arrived: x0.5.0 is begun. */
    InitiatorScenario begun() {
        return in(new LeaderReady(0, TERM)).begins(1).leased(0, TERM, 0);
    }

    /** Begun and worked under. */
    InitiatorScenario worked() {
        return begun().in(new Touched(xid(0)));
    }

    InitiatorScenario begins(long token) {
        return in(new BeginWanted(token, TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(2)));
    }

    InitiatorScenario leased(int shard, long term, long block) {
        return in(new Leased(shard, new Command.Lease(new BlockId(term, block), LEASE_NANOS)));
    }

    InitiatorScenario commits(long seq) {
        return in(new CommitWanted(xid(seq), AnswerMode.AFTER_APPLY, new CallSums(List.of(), true)));
    }

    InitiatorScenario answered(long number, Answer answer) {
        return in(new Answered(number, answer));
    }

    InitiatorScenario in(InitiatorInput input) {
        InitiatorCore copy = core.copy();
        last = core.on(input, nowNanos);
        assertThat(copy.on(input, nowNanos)).as("a copy does the same").isEqualTo(last);
        assertThat(copy.canonical()).isEqualTo(core.canonical());
        assertThat(copy.nextDeadlineNanos()).isEqualTo(core.nextDeadlineNanos());
        transcript.in(nowNanos, input);
        last.forEach(transcript::out);
        return this;
    }

    /** Lets time pass; ticks are given when they are due. */
    InitiatorScenario until(long millis) {
        long end = TimeUnit.MILLISECONDS.toNanos(millis);
        while (core.nextDeadlineNanos() <= end) {
            nowNanos = Math.max(nowNanos, core.nextDeadlineNanos());
            long before = core.nextDeadlineNanos();
            in(new Tick());
            assertThat(core.nextDeadlineNanos())
                    .as("a tick takes away what was due")
                    .isGreaterThan(before);
        }
        nowNanos = end;
        return this;
    }

    List<InitiatorEffect> last() {
        return last;
    }

    InitiatorCore core() {
        return core;
    }

    void holds(String name) {
        transcript.mustEqual("initiator", name);
    }
}
