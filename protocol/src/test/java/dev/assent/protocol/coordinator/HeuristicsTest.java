package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.B1;
import static dev.assent.protocol.coordinator.Names.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord.HeuristicFound;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Branches that somebody else decided, and branches that an operator gave up. */
class HeuristicsTest {
    private static final Xid X = xid(ShardScenario.TERM, 7);
    private static final Request ABANDON = new Request.Abandon(X, A1, "ann", "disk is gone");
    private static final Request SETTLE = new Request.Settle(X, A1, "ann", "looked");

    /** Found while committing: recorded first, then it counts as acknowledged, and everybody hears MIXED. */
    @Test
    void rolledBackByHandIsMixedUntilItIsSettled() {
        ShardScenario s =
                ShardScenario.ready().committing(X, A1, B1).done(X, B1).forgetLines();
        s.report(X, A1, BranchReport.NOTHING_FOUND);
        assertThat(s.answers()).as("not before the record is applied").isEmpty();
        s.applied();
        assertThat(s.answers()).containsExactly(new Answer.Mixed(List.of(A1)));
        s.applied().outcome(1, X);
        assertThat(s.answers()).containsExactly(new Answer.Mixed(List.of(A1)));
        s.request(2, SETTLE).applied().outcome(3, X);
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of()));
        s.mustEqual();
    }

    /** A repeated Commit that meets nothing is no news while the first report is on its way. */
    @Test
    void contradictionIsRecordedOnce() {
        ShardScenario s = ShardScenario.ready().committing(X, A1).report(X, A1, BranchReport.NOTHING_FOUND);
        s.report(X, A1, BranchReport.NOTHING_FOUND);
        assertThat(s.last()).isEmpty();
        s.mustEqual();
    }

    /** A branch that has acknowledged had its row removed since: a late Commit finds nothing, and that is right. */
    @Test
    void nothingFoundAfterTheAcknowledgementIsNoHeuristic() {
        ShardScenario s =
                ShardScenario.ready().committing(X, A1, B1).done(X, A1).forgetLines();
        s.report(X, A1, BranchReport.NOTHING_FOUND);
        assertThat(s.last()).isEmpty();
        s.done(X, B1).applied().report(X, A1, BranchReport.NOTHING_FOUND);
        assertThat(s.last()).isEmpty();
        s.mustEqual();
    }

    /** Committed by hand what aborted: found when it is told to abort, also long after the transaction is over. */
    @Test
    void committedByHandIsMixed() {
        ShardScenario s =
                ShardScenario.ready().preparing(X, A1, B1).vote(X, A1, Vote.YES).rollback(1, X);
        s.forgetLines().report(X, A1, BranchReport.FOUND_COMMITTED).applied().done(X, B1);
        assertThat(s.core().transactionCount()).isZero();
        s.outcome(2, X);
        assertThat(s.answers()).containsExactly(new Answer.Mixed(List.of(A1)));
        s.request(3, SETTLE).applied().outcome(4, X);
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Aborted.class);
        s.mustEqual();
    }

    /** The row of a closed heuristic may go: shown again, it would be found again after each settlement. */
    @Test
    void settledHeuristicOfAnAbortedTransactionFreesItsRow() {
        ShardScenario s =
                ShardScenario.ready().enlist(X, A1).rollback(1, X).done(X, A1).forgetLines();
        s.report(X, A1, BranchReport.FOUND_COMMITTED)
                .applied()
                .request(2, SETTLE)
                .applied();
        assertThat(s.commands()).containsExactly(new Command.Forget(X, A1));
        s.mustEqual();
    }

    @Test
    void rowOfALongAbortedBranchIsAHeuristicOnce() {
        ShardScenario s =
                ShardScenario.ready().enlist(X, A1).rollback(1, X).done(X, A1).forgetLines();
        s.row(X, A1).report(X, A1, BranchReport.FOUND_COMMITTED).report(X, A1, BranchReport.FOUND_COMMITTED);
        assertThat(s.last()).isEmpty();
        s.applied().report(X, A1, BranchReport.FOUND_COMMITTED);
        assertThat(s.last()).isEmpty();
        s.mustEqual();
    }

    /** Committed as decided is no contradiction, however late and by whomever it is recorded. */
    @Test
    void committedBranchOfACommittedTransactionIsNoHeuristic() {
        HeuristicFound committed = new HeuristicFound(X, A1, HeuristicKind.COMMITTED);
        HeuristicFound rolledBack = new HeuristicFound(X, A1, HeuristicKind.ROLLED_BACK);
        ShardScenario s = ShardScenario.ready().committing(X, A1).forgetLines().applied(committed);
        assertThat(s.state().heuristics(X)).isEmpty();
        s.done(X, A1).applied().applied(committed).applied(rolledBack);
        assertThat(s.state().heuristics(X)).isEmpty();
        s.mustEqual();
    }

    /** A late vote of a branch in an unresolved heuristic is a vote like any other: MIXED is for people. */
    @Test
    void lateVoteDuringAHeuristicHearsAbort() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).enlist(X, B1).rollback(1, X);
        s.report(X, B1, BranchReport.FOUND_COMMITTED).applied().done(X, A1).forgetLines();
        s.vote(X, A1, Vote.YES);
        assertThat(s.commands()).containsExactly(new Command.BranchAnswer(X, A1, Command.Verdict.ABORT));
        s.mustEqual();
    }

    /** An operator gives a branch up: nobody waits for it, and it stays listed until it acknowledges. */
    @Test
    void abandonedBranchIsHazardUntilItAcknowledges() {
        ShardScenario s =
                ShardScenario.ready().committing(X, A1, B1).done(X, B1).forgetLines();
        s.request(1, ABANDON).applied();
        assertThat(s.answers()).containsExactly(new Answer.Hazard(List.of(A1)), new Answer.Done());
        assertThat(s.state().decision(X)).isPresent();
        s.afterHearing(2_000, Names.P1, Names.P2, Names.Q1);
        assertThat(s.text()).as("told again all the same").contains("Send p1 CommitBranch x5.7 a1@p1");
        s.done(X, A1).applied().outcome(2, X);
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of()));
        s.mustEqual();
    }

    @Test
    void settledBranchEndsTheListing() {
        ShardScenario s = ShardScenario.ready()
                .committing(X, A1)
                .request(1, ABANDON)
                .applied()
                .forgetLines();
        s.request(2, SETTLE).applied().applied().outcome(3, X);
        assertThat(s.answers()).containsExactly(new Answer.Committed(List.of()));
        s.mustEqual();
    }

    /** What operators did is in the log: a new leader must not tell, and wait for, a branch that was settled. */
    @Test
    void newLeaderKnowsWhatOperatorsDid() {
        ShardScenario s = ShardScenario.ready().committing(X, A1, B1);
        s.request(1, ABANDON).applied().request(2, SETTLE).applied().in(new Input.LeadershipLost());
        s.forgetLines().wins(ShardScenario.TERM + 1);
        assertThat(s.commands()).containsExactly(new Command.CommitBranch(X, B1));
        s.done(X, B1).applied();
        assertThat(s.state().isEnded(X)).isTrue();
        s.mustEqual();
    }

    @Test
    void newLeaderKeepsAnAbandonedBranchTold() {
        ShardScenario s =
                ShardScenario.ready().committing(X, A1).request(1, ABANDON).applied();
        s.in(new Input.LeadershipLost()).forgetLines().wins(ShardScenario.TERM + 1);
        assertThat(s.commands()).containsExactly(new Command.CommitBranch(X, A1));
        s.commit(2, X, Names.sums(A1));
        assertThat(s.answers()).containsExactly(new Answer.Hazard(List.of(A1)));
        s.mustEqual();
    }

    @Test
    void newLeaderKnowsAHeuristicAndDoesNotAskAgain() {
        ShardScenario s = ShardScenario.ready().committing(X, A1, B1).report(X, A1, BranchReport.NOTHING_FOUND);
        s.applied().in(new Input.LeadershipLost()).forgetLines().wins(ShardScenario.TERM + 1);
        assertThat(s.commands()).containsExactly(new Command.CommitBranch(X, B1));
        s.mustEqual();
    }

    /** A record that was written twice must not open again what an operator has closed. */
    @Test
    void settledHeuristicIsNotOpenedAgainByACopy() {
        HeuristicFound found = new HeuristicFound(X, A1, HeuristicKind.ROLLED_BACK);
        ShardScenario s = ShardScenario.ready().committing(X, A1, B1).report(X, A1, BranchReport.NOTHING_FOUND);
        s.applied().request(1, SETTLE).applied().forgetLines().applied(found);
        assertThat(s.state().heuristics(X)).isEmpty();
        s.mustEqual();
    }

    /** Each request is answered: two operators with the same wish are one record and two answers. */
    @Test
    void everyOperatorIsAnswered() {
        ShardScenario s = ShardScenario.ready().committing(X, A1).forgetLines();
        s.request(1, ABANDON)
                .request(2, ABANDON)
                .request(3, new Request.Abandon(X, A1, "bob", "too"))
                .applied();
        assertThat(s.text()).contains("Reply r1 Done").contains("Reply r2 Done").contains("Reply r3 Refused");
        s.mustEqual();
    }

    @Test
    void deposedLeaderTellsItsOperatorsNotLeader() {
        ShardScenario s = ShardScenario.ready().committing(X, A1).forgetLines();
        s.request(1, ABANDON).request(2, ABANDON).in(new Input.LeadershipLost());
        assertThat(s.answers()).hasSize(3).hasOnlyElementsOfType(Answer.Refused.class);
        s.mustEqual();
    }

    @Test
    void operatorsWishThatDoesNotFitIsRefused() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).forgetLines();
        s.request(1, ABANDON).request(2, SETTLE).commit(3, X, Names.sums(A1)).vote(X, A1, Vote.YES);
        s.request(4, ABANDON).applied().request(5, new Request.Abandon(X, B1, "ann", "not its branch"));
        s.done(X, A1).request(6, ABANDON);
        assertThat(s.text()).doesNotContain("Append Abandoned").doesNotContain("Append Settled");
        s.mustEqual();
    }
}
