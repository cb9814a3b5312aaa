package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.B1;
import static dev.assent.protocol.coordinator.Names.P1;
import static dev.assent.protocol.coordinator.Names.P2;
import static dev.assent.protocol.coordinator.Names.Q1;
import static dev.assent.protocol.coordinator.Names.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is dead, who is merely not connected, and who may speak for whom. */
class InstancesTest {
    private static final Xid X = xid(ShardScenario.TERM, 7);

    /** A stream breaks more often than a process dies: aborting at once would fail healthy transactions. */
    @Test
    void brokenStreamAloneLosesNobody() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).forgetLines();
        s.in(new Input.SessionClosed(P1, false)).afterHearing(9_000, P2, Q1);
        assertThat(s.stateOf(X)).isEqualTo("ACTIVE");
        s.afterHearing(1_000, P2, Q1);
        assertThat(s.stateOf(X)).isEqualTo("ABORTED");
        s.mustEqual();
    }

    @Test
    void silenceForTheSessionLeaseIsALoss() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).enlist(X, B1).forgetLines();
        s.afterHearing(11_000, Q1, P2);
        assertThat(s.stateOf(X)).isEqualTo("ABORTING");
        s.mustEqual();
    }

    /** A process that restarts cannot hold what its earlier life held; waiting for its lease would hold locks. */
    @Test
    void newIncarnationLosesTheEarlierOneAtOnce() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).enlist(X, B1).forgetLines();
        s.opened(Names.instance("p9"), "p-one", "a");
        assertThat(s.stateOf(X)).isEqualTo("ABORTING");
        s.mustEqual();
    }

    /** What it missed while its stream was broken is told at once, not after the next pause. */
    @Test
    void instanceThatIsBackIsToldWhatItMissed() {
        ShardScenario s = ShardScenario.ready().committing(X, A1, B1);
        Xid preparing = xid(ShardScenario.TERM, 8);
        s.preparing(preparing, Names.A2).in(new Input.SessionClosed(P1, false)).forgetLines();
        s.opened(P1, "p-one", "a");
        assertThat(s.commands())
                .containsExactly(new Command.CommitBranch(X, A1), new Command.Prepare(preparing, Names.A2));
        s.mustEqual();
    }

    /** Nobody may acknowledge, or ask, for a resource that it does not serve. */
    @Test
    void strangerSpeaksForNobody() {
        ShardScenario s = ShardScenario.ready().committing(X, A1).forgetLines();
        s.noticed(Q1, new Notice.Reported(X, A1, BranchReport.DONE)).noticed(Q1, new Notice.Asked(X, A1));
        s.noticed(Q1, new Notice.RowShown(X, A1));
        assertThat(s.text()).doesNotContain("out");
        s.noticed(P2, new Notice.Asked(X, A1));
        assertThat(s.commands()).containsExactly(new Command.BranchAnswer(X, A1, Command.Verdict.COMMIT));
        s.noticed(P2, new Notice.Enlist(X, A1, 0));
        assertThat(s.commands()).containsExactly(new Command.EnlistRefused(X, A1, Command.Refusal.NOT_YOURS));
    }

    /** Every restart of a participant would otherwise cost memory for ever. */
    @Test
    void lifeThatWasReplacedIsForgottenWithItsStream() {
        Instances instances = new Instances(1_000);
        ResourceName a = new ResourceName("a");
        for (int life = 0; life < 100; life++) {
            InstanceId now = Names.instance("p" + life + "x");
            instances.opened(new Input.SessionOpened(now, "p", List.of(a)), life);
            if (life > 0) {
                InstanceId before = Names.instance("p" + (life - 1) + "x");
                assertThat(instances.isLost(before)).isTrue();
                assertThat(instances.closed(before, false)).isFalse();
                assertThat(instances.serves(before, a)).isFalse();
            }
        }
    }

    @Test
    void anotherInstanceIsADifferentOneForEachAttempt() {
        Instances instances = new Instances(1_000);
        ResourceName a = new ResourceName("a");
        for (String name : List.of("p1", "p2", "p3")) {
            instances.opened(new Input.SessionOpened(Names.instance(name), name, List.of(a)), 0);
        }
        assertThat(instances.another(a, P1, 1)).isNotEqualTo(instances.another(a, P1, 2));
        assertThat(instances.another(new ResourceName("b"), P1, 1)).isEmpty();
    }
}
