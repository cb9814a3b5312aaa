package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.B1;
import static dev.assent.protocol.coordinator.Names.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord.CommitDecided;
import dev.assent.protocol.coordinator.LogRecord.Ended;
import dev.assent.protocol.coordinator.LogRecord.LeaderStarted;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Terms: who leads, from when, and what a record may still do when it lands under another leader. */
class TermsTest {
    private static final long TERM = ShardScenario.TERM;
    private static final Xid X = xid(TERM, 7);
    private static final LeaderStarted OWN = new LeaderStarted(new NodeId("n1"), 77);
    private static final LeaderStarted OTHER = new LeaderStarted(new NodeId("n2"), 5);

    /** Only an applied own record proves that everything of earlier leaders is applied. */
    @Test
    void leaderIsReadyWhenItsOwnRecordStands() {
        ShardScenario s = ShardScenario.born().sessions().forgetLines().entryTerm(TERM);
        s.in(new Input.LeadershipWon());
        assertThat(s.core().isReady()).isFalse();
        s.applied();
        assertThat(s.core().term()).isEqualTo(TERM);
        s.mustEqual();
    }

    /** Two memories in one term could say two things of one number. */
    @Test
    void loopNeverLeadsTwiceInOneTerm() {
        ShardScenario s = ShardScenario.ready().in(new Input.LeadershipLost()).in(new Input.LeadershipWon());
        s.applied();
        assertThat(s.last()).containsExactly(new Effect.StepDown());
        assertThat(s.core().isReady()).isFalse();
        s.mustEqual();
    }

    /** Another life of the loop wrote that record: what it promised since is not known here. */
    @Test
    void recordOfAnotherLoopMakesNobodyReady() {
        ShardScenario s = ShardScenario.born().entryTerm(TERM).in(new Input.LeadershipWon());
        s.applied(new LeaderStarted(new NodeId("n1"), 76)).applied(OTHER);
        assertThat(s.core().isReady()).isFalse();
        s.applied();
        assertThat(s.last()).containsExactly(new Effect.StepDown());
        s.mustEqual();
    }

    /** A core that ignored its second record would leave the shard with a leader that never answers. */
    @Test
    void ownRecordThatStandsInALaterTermLeadsThere() {
        ShardScenario s = ShardScenario.ready().deciding(X, A1).vanished();
        s.entryTerm(TERM + 1).applied(OWN);
        assertThat(s.core().term()).isEqualTo(TERM + 1);
        assertThat(s.answers()).hasSize(1).first().isInstanceOf(Answer.Refused.class);
        s.mustEqual();
    }

    /** The term rule: else a decision could appear after a later leader told its branches ABORT. */
    @Test
    void decisionThatLandsInALaterTermIsVoidAndDeposes() {
        ShardScenario s = ShardScenario.ready().deciding(X, A1);
        s.entryTerm(TERM + 1).applied();
        assertThat(s.state().decision(X)).isEmpty();
        assertThat(s.core().isReady()).isFalse();
        assertThat(s.answers()).hasSize(1).first().isInstanceOf(Answer.Refused.class);
        s.mustEqual();
    }

    /** A predecessor's record that came late says nothing about the present leader. */
    @Test
    void voidDecisionOfAPredecessorDeposesNobody() {
        ShardScenario s = ShardScenario.ready().applied(new CommitDecided(xid(TERM - 1, 7), List.of(A1), 0));
        assertThat(s.core().isReady()).isTrue();
        assertThat(s.state().decisions()).isEmpty();
        s.mustEqual();
    }

    /** ABORTED would be a lie: the record may stand under the next leader. */
    @Test
    void deposedLeaderTellsItsWaitersNotLeader() {
        ShardScenario s = ShardScenario.ready().deciding(X, A1).in(new Input.LeadershipLost());
        assertThat(s.answers())
                .containsExactly(
                        new Answer.Refused(Answer.Reason.NOT_LEADER, TERM, "this node does not lead the shard"));
        s.mustEqual();
    }

    /** A new leader repeats what is listed; what was not decided is aborted by presumption. */
    @Test
    void newLeaderResumesWhatIsListedAndAbortsTheRest() {
        ShardScenario s = ShardScenario.born().sessions().entryTerm(TERM - 1);
        s.applied(OTHER).applied(new CommitDecided(xid(TERM - 1, 1), List.of(A1, B1), 0));
        s.applied(new CommitDecided(xid(TERM - 1, 2), List.of(A1), 0)).applied(new Ended(xid(TERM - 1, 2)));
        s.forgetLines().wins(TERM);
        assertThat(s.commands())
                .containsExactly(
                        new Command.CommitBranch(xid(TERM - 1, 1), A1), new Command.CommitBranch(xid(TERM - 1, 1), B1));
        s.vote(xid(TERM - 1, 3), A1, Vote.YES).ask(xid(TERM - 1, 2), A1);
        s.done(xid(TERM - 1, 1), A1).done(xid(TERM - 1, 1), B1).applied();
        assertThat(s.core().transactionCount()).isZero();
        s.mustEqual();
    }

    /** The replica is ahead: it has applied what the core was not told. Memory comes first, or the answers would jump. */
    @Test
    void coreWhoseReplicaIsAheadStaysWithWhatItWasTold() {
        ShardScenario s = ShardScenario.ready().deciding(X, A1);
        CommitDecided decided = new CommitDecided(X, List.of(A1), 0);
        boolean stood = s.appliedUntold(decided);
        s.outcome(1, X).ask(X, A1);
        assertThat(s.commands()).containsExactly(new Command.BranchAnswer(X, A1, Command.Verdict.PENDING));
        s.entryTerm(TERM + 1).appliedUntold(OTHER);
        s.appliedUntold(new Ended(X));
        s.in(new Input.Applied(TERM, decided, stood));
        s.in(new Input.Applied(TERM + 1, OTHER, true));
        assertThat(s.core().isReady()).isFalse();
        assertThat(s.state().isEnded(X)).isTrue();
        s.mustEqual();
    }

    /** Written twice, a decision must not list again what has ended, or it would be told to branches without rows. */
    @Test
    void decisionWrittenTwiceListsNothingAgain() {
        ShardScenario s = ShardScenario.ready().ended(X, A1).forgetLines();
        s.applied(new CommitDecided(X, List.of(A1), 0));
        assertThat(s.state().decisions()).isEmpty();
        s.applied(new LogRecord.Forgotten(dev.assent.protocol.message.BlockId.of(X)));
        s.applied(new CommitDecided(X, List.of(A1), 0));
        assertThat(s.state().decisions()).isEmpty();
        s.mustEqual();
    }

    /** Late records of a deposed leader that are bound to no term end nothing that is not listed. */
    @Test
    void lateEndIsVoidUnlessListed() {
        ShardScenario s = ShardScenario.born().entryTerm(TERM - 1);
        s.applied(new CommitDecided(xid(TERM - 1, 1), List.of(A1), 0)).entryTerm(TERM);
        s.applied(new Ended(xid(TERM - 1, 1))).applied(new Ended(xid(TERM - 1, 2)));
        assertThat(s.state().isEnded(xid(TERM - 1, 1))).isTrue();
        assertThat(s.state().isEnded(xid(TERM - 1, 2))).isFalse();
        s.mustEqual();
    }

    /**
     * An earlier leader had heard all branches and its end comes late, while its successor still asks. Branches remove
     * their rows from then on: whoever went on asking would hear of nothing found, and take that for a heuristic.
     */
    @Test
    void lateEndOfAnEarlierLeaderEndsItForItsSuccessorToo() {
        ShardScenario s = ShardScenario.ready().committing(X, A1, B1).in(new Input.LeadershipLost());
        s.wins(TERM + 1).forgetLines().commit(2, X, Names.sums(A1, B1));
        s.applied(new Ended(X));
        assertThat(s.commands()).contains(new Command.Forget(X, A1), new Command.Forget(X, B1));
        assertThat(s.core().transactionCount()).isZero();
        s.report(X, A1, BranchReport.NOTHING_FOUND).after(60_000);
        s.mustEqual();
    }
}
