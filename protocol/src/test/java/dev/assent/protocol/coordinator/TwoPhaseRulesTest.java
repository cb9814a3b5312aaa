package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.A2;
import static dev.assent.protocol.coordinator.Names.B1;
import static dev.assent.protocol.coordinator.Names.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The numbered rules of two-phase commit, as far as they bind the coordinator. */
class TwoPhaseRulesTest {
    private static final Xid X = xid(ShardScenario.TERM, 7);

    /** All YES and no failure: it commits, is answered when applied, ends, and its evidence rows may go. */
    @Test
    void everyYesCommitsAndEnds() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1);
        s.vote(X, A1, Vote.YES).vote(X, B1, Vote.YES);
        s.applied().done(X, A1).done(X, B1);
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of()));
        s.applied();
        assertThat(s.commands()).containsExactly(new Command.Forget(X, A1), new Command.Forget(X, B1));
        assertThat(s.core().transactionCount()).isZero();
        s.mustEqual();
    }

    /** Rule 1 and 2: a vote reset by a late enlistment would let a prepared branch be asked again, or be lost. */
    @Test
    void repeatedEnlistmentNeverResetsAVote() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).enlist(X, B1);
        s.vote(X, A1, Vote.YES).enlist(X, A1);
        s.commit(1, X, Names.sums(A1, B1));
        assertThat(s.commands()).containsExactly(new Command.Prepare(X, B1));
        s.enlist(X, A1).vote(X, B1, Vote.YES).enlist(X, B1).applied().enlist(X, B1);
        s.mustEqual();
    }

    /** Rule 3: a call was answered OK whose branch the leader does not know: committing would lose its half. */
    @Test
    void branchOfTheAccountThatIsNotEnlistedAborts() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).commit(1, X, Names.sums(A1, B1));
        assertThat(causes(s)).containsExactly(AbortCause.Kind.BRANCH_MISSING);
        s.mustEqual();
    }

    /** Rule 3: a transport's retry ran on another instance, too; nobody knows of that branch but its vote. */
    @Test
    void branchThatTheAccountDoesNotKnowAborts() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).enlist(X, B1).commit(1, X, Names.sums(A1));
        s.vote(X, A1, Vote.YES).vote(X, B1, Vote.YES);
        assertThat(causes(s)).containsExactly(AbortCause.Kind.CALL_UNACCOUNTED);
        s.mustEqual();
    }

    /** Rule 3: a READ_ONLY branch ran calls, too: one more than was accounted for is a call that ran twice. */
    @Test
    void otherNumberOfCallsAbortsWhateverTheVote() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1).vote(X, A1, Vote.YES);
        s.noticed(Names.Q1, new Notice.Voted(X, B1, Vote.READ_ONLY, 2));
        assertThat(causes(s)).containsExactly(AbortCause.Kind.CALL_UNACCOUNTED);
        s.mustEqual();
    }

    /** Rule 3: behind a hop without the SDK only the branches that are known can be compared. */
    @Test
    void incompleteAccountComparesOnlyTheBranchesItNames() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).enlist(X, B1);
        CallSums sums = new CallSums(List.of(new CallSums.BranchCalls(A1, 1)), false);
        s.commit(1, X, sums).vote(X, B1, Vote.YES).vote(X, A1, Vote.YES);
        assertThat(s.stateOf(X)).isEqualTo("DECIDING");
        s.mustEqual();
    }

    @Test
    void incompleteAccountStillAbortsOnAKnownBranchThatDiffers() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1);
        CallSums sums = new CallSums(List.of(new CallSums.BranchCalls(A1, 2)), false);
        s.commit(1, X, sums).vote(X, A1, Vote.YES);
        assertThat(causes(s)).containsExactly(AbortCause.Kind.CALL_UNACCOUNTED);
        s.mustEqual();
    }

    /** Rule 4: nobody else holds the connection; a Prepare that got lost is repeated, a silent branch is not for ever. */
    @Test
    void prepareIsRepeatedToTheOwnerUntilItsTimeout() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1).vote(X, B1, Vote.YES);
        s.report(X, A1, BranchReport.NOT_MINE);
        s.afterHearing(4_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.stateOf(X)).isEqualTo("PREPARING");
        s.afterHearing(2_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.stateOf(X)).isEqualTo("ABORTING");
        s.mustEqual();
    }

    /** Rule 4: a second vote of a branch is a copy, or a liar; a NO after its YES must not abort what may be deciding. */
    @Test
    void firstVoteStands() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1).vote(X, A1, Vote.YES);
        s.vote(X, A1, Vote.no("late")).vote(X, A1, Vote.READ_ONLY);
        s.vote(X, B1, Vote.YES);
        assertThat(s.last()).hasSize(1);
        s.applied();
        assertThat(s.state().decision(X).orElseThrow().branches()).containsExactly(A1, B1);
        s.mustEqual();
    }

    /** The lock point has passed only when everything is closed: before it READ_ONLY frees locks too early. */
    @Test
    void readOnlyCountsOnlyAsAnswerToPrepare() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).vote(X, A1, Vote.READ_ONLY);
        s.commit(1, X, Names.sums(A1));
        assertThat(s.commands()).containsExactly(new Command.Prepare(X, A1));
        s.vote(X, A1, Vote.READ_ONLY);
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of()));
        s.mustEqual();
    }

    /** Early votes: the commit needs one round through the log and no question to anybody. */
    @Test
    void earlyVotesDecideAtOnce() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).vote(X, A1, Vote.YES);
        s.commit(1, X, Names.sums(A1));
        assertThat(s.stateOf(X)).isEqualTo("DECIDING");
        s.mustEqual();
    }

    /** READ_ONLY voters are out of phase two; telling them would wait for branches that are gone. */
    @Test
    void readOnlyVotersAreNotInTheDecision() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1);
        s.vote(X, A1, Vote.READ_ONLY).vote(X, B1, Vote.YES).applied();
        assertThat(s.commands()).containsExactly(new Command.CommitBranch(X, B1));
        s.mustEqual();
    }

    /** Rule 5: the owner may be gone without a word: after a second another instance finishes the branch. */
    @Test
    void commitGoesToAnotherInstanceAfterASecondAndIsRepeatedForEver() {
        ShardScenario s = ShardScenario.ready().committing(X, A1);
        s.afterHearing(90_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.stateOf(X)).isEqualTo("COMMITTING");
        s.noticed(Names.P2, new Notice.Reported(X, A1, BranchReport.DONE));
        assertThat(s.stateOf(X)).isEqualTo("ENDING");
        s.mustEqual();
    }

    /** Rule 5: waiting a second for the dead costs every transaction of a crashed process that second. */
    @Test
    void lostOwnerIsReplacedAtOnce() {
        ShardScenario s = ShardScenario.ready().committing(X, A1);
        s.in(new Input.SessionClosed(Names.P1, true));
        assertThat(s.last()).containsExactly(new Effect.Send(Names.P2, new Command.CommitBranch(X, A1)));
        s.mustEqual();
    }

    /** Rule 5: an error, or "not mine", acknowledges nothing; a set of ids counts a copy once. */
    @Test
    void onlyDoneAcknowledgesAndOnlyOnce() {
        ShardScenario s = ShardScenario.ready().committing(X, A1, B1);
        s.done(X, A1).done(X, A1).report(X, B1, BranchReport.NOT_MINE);
        s.done(X, A2);
        assertThat(s.stateOf(X)).isEqualTo("COMMITTING");
        s.done(X, B1);
        assertThat(s.stateOf(X)).isEqualTo("ENDING");
        s.mustEqual();
    }

    /** Rule 5: another instance says "nothing there" of an open local transaction whose locks it cannot free. */
    @Test
    void abortOfAnUnvotedBranchNeedsItsOwner() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).enlist(X, B1).rollback(1, X);
        s.done(X, B1).noticed(Names.P2, new Notice.Reported(X, A1, BranchReport.DONE));
        assertThat(s.stateOf(X)).isEqualTo("ABORTING");
        s.afterHearing(3_000, Names.P1, Names.P2, Names.Q1);
        s.in(new Input.SessionClosed(Names.P1, true));
        assertThat(s.core().transactionCount()).isZero();
        s.mustEqual();
    }

    /** Rule 5: a prepared branch can be rolled back by any instance of its resource. */
    @Test
    void abortOfAVotedBranchMayBeDoneByAnotherInstance() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1).vote(X, A1, Vote.YES);
        s.vote(X, B1, Vote.no("full")).afterHearing(1_000, Names.P1, Names.P2, Names.Q1);
        s.noticed(Names.P2, new Notice.Reported(X, A1, BranchReport.DONE));
        assertThat(s.core().transactionCount()).isZero();
        s.mustEqual();
    }

    /** Rule 5: told for 30 s, then it is the branch that asks: memory must not grow with dead participants. */
    @Test
    void abortEndsWithPatienceAndWhoAsksLaterHearsAbort() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).rollback(1, X);
        s.afterHearing(29_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.core().transactionCount()).isOne();
        s.afterHearing(1_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.core().transactionCount()).isZero();
        s.ask(X, A1);
        assertThat(s.commands()).containsExactly(new Command.BranchAnswer(X, A1, Command.Verdict.ABORT));
        s.mustEqual();
    }

    /** NO and READ_ONLY voters have ended by themselves: there is nothing to abort. */
    @Test
    void abortGoesToNeitherNoNorReadOnlyVoters() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1).vote(X, A1, Vote.READ_ONLY);
        s.vote(X, B1, Vote.no("full"));
        assertThat(s.commands()).isEmpty();
        assertThat(s.core().transactionCount()).isZero();
        s.mustEqual();
    }

    /** Rule 6: the default waits until the initiator can read its own writes. */
    @Test
    void afterDecisionAnswersBeforeTheBranchesAfterApplyWhenTheyAreDone() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1);
        s.request(2, new Request.Commit(X, AnswerMode.AFTER_DECISION, Names.sums(A1)));
        s.vote(X, A1, Vote.YES).applied();
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of(A1)));
        s.done(X, A1);
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of()));
        s.mustEqual();
    }

    /** Rule 6: an unreachable branch must not turn a decided commit into an error. */
    @Test
    void applyWaitEndsWithCommittedAndTheBranchesThatArePending() {
        ShardScenario s = ShardScenario.ready().committing(X, A1, B1).done(X, B1);
        s.afterHearing(6_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.text()).contains("Reply r100 Committed [a1@p1]");
        s.mustEqual();
    }

    /** Rule 7: commit and rollback are asked again until they are answered; the first decision holds for all. */
    @Test
    void repeatedCommitJoinsAndRollbackOfACommitIsToldCommitted() {
        ShardScenario s = ShardScenario.ready().deciding(X, A1);
        s.commit(1, X, Names.sums(A1)).rollback(2, X).applied().done(X, A1);
        s.commit(3, X, Names.sums(A1));
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of()));
        s.mustEqual();
    }

    /** Rule 7: the record may be committed: an abort by the clock would contradict it. */
    @Test
    void nothingAbortsWhatIsDeciding() {
        ShardScenario s = ShardScenario.ready().deciding(X, A1);
        s.rollback(1, X).vote(X, A1, Vote.no("late")).in(new Input.SessionClosed(Names.P1, true));
        s.after(700_000);
        assertThat(s.stateOf(X)).isEqualTo("DECIDING");
        s.applied();
        s.mustEqual();
    }

    /** Rule 8: the timeout counts from opening, and Commit() does not begin it anew. */
    @Test
    void timeoutCountsFromOpening() {
        ShardScenario s = ShardScenario.ready();
        s.noticed(Names.P1, new Notice.Enlist(X, A1, 8_000_000_000L));
        s.afterHearing(6_000, Names.P1, Names.P2, Names.Q1);
        s.commit(1, X, Names.sums(A1)).afterHearing(2_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.text()).contains("Reply r1 Aborted TIMEOUT(a1@p1)");
        s.mustEqual();
    }

    @Test
    void wishedTimeoutIsCappedByTheCluster() {
        ShardScenario s = ShardScenario.ready();
        s.noticed(Names.P1, new Notice.Enlist(X, A1, Long.MAX_VALUE));
        s.afterHearing(600_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.stateOf(X)).isEqualTo("ABORTING");
        s.mustEqual();
    }

    /** Rule 8: what an unvoted branch held died with its process; waiting for the timeout would hold other locks. */
    @Test
    void lostInstanceAbortsWhatItHasNotVotedOn() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1).vote(X, B1, Vote.YES);
        s.opened(Names.instance("p9"), "p-one", "a");
        assertThat(causes(s)).containsExactly(AbortCause.Kind.INSTANCE_LOST);
        s.mustEqual();
    }

    @Test
    void lostInstanceThatHasVotedAbortsNothing() {
        ShardScenario s = ShardScenario.ready().preparing(X, A1, B1).vote(X, A1, Vote.YES);
        s.in(new Input.SessionClosed(Names.P1, true)).vote(X, B1, Vote.YES);
        assertThat(s.stateOf(X)).isEqualTo("DECIDING");
        s.mustEqual();
    }

    /** Rule 9: a decision that does not fit its record could never be logged. */
    @Test
    void branchBeyondTheMostIsRefused() {
        ShardScenario s = ShardScenario.ready();
        for (int n = 0; n < CallSums.MAX_BRANCHES; n++) {
            s.enlist(X, Names.branch("a", Names.P1, 1_000 + n));
        }
        BranchId beyond = Names.branch("a", Names.P1, 9_999);
        s.forgetLines().enlist(X, beyond).enlist(X, Names.branch("a", Names.P1, 1_000));
        s.vote(X, beyond, Vote.YES);
        s.commit(1, X, Names.sums(beyond));
        assertThat(causes(s)).containsExactly(AbortCause.Kind.BRANCH_MISSING);
    }

    /** More callers than anybody needs cost memory: the oldest is answered, never dropped. */
    @Test
    void everyCallerIsAnsweredHoweverManyWait() {
        ShardScenario s = ShardScenario.ready().deciding(X, A1);
        for (int n = 1; n < 64; n++) {
            s.commit(n, X, Names.sums(A1));
        }
        s.commit(64, X, Names.sums(A1));
        assertThat(s.last()).containsExactly(new Effect.Reply(new RequestId("", 100), new Answer.Pending()));
        s.applied().forgetLines().commit(65, X, Names.sums(A1));
        assertThat(s.last()).containsExactly(new Effect.Reply(new RequestId("", 1), new Answer.Committed(List.of(A1))));
    }

    private static List<AbortCause.Kind> causes(ShardScenario s) {
        return s.answers().stream()
                .filter(Answer.Aborted.class::isInstance)
                .map(answer -> ((Answer.Aborted) answer).cause().kind())
                .toList();
    }
}
