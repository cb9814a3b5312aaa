package dev.assent.protocol.branch;

import static dev.assent.protocol.branch.BranchScenario.FOREIGN;
import static dev.assent.protocol.branch.BranchScenario.OWN;
import static dev.assent.protocol.branch.BranchScenario.OWN_REF;
import static dev.assent.protocol.branch.BranchScenario.TERM;
import static dev.assent.protocol.branch.BranchScenario.TIMEOUT_NANOS;
import static dev.assent.protocol.branch.BranchScenario.XID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Vote;
import dev.assent.protocol.branch.BranchEffect.Tell;
import dev.assent.protocol.branch.BranchInput.CallEntered;
import dev.assent.protocol.branch.BranchInput.CallLeft;
import dev.assent.protocol.branch.BranchInput.Doomed;
import dev.assent.protocol.branch.BranchInput.EvidenceWritten;
import dev.assent.protocol.branch.BranchInput.LeaderReady;
import dev.assent.protocol.branch.BranchInput.NothingWritten;
import dev.assent.protocol.branch.BranchInput.Opened;
import dev.assent.protocol.branch.BranchInput.PrepareFailed;
import dev.assent.protocol.branch.BranchInput.Prepared;
import dev.assent.protocol.branch.BranchInput.RolledBack;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Notice;
import org.junit.jupiter.api.Test;

/** From the first touch to the vote: rules 1 to 4. */
class VotingTest {
    private final BranchScenario scenario = BranchScenario.start();

    // Without it: a crash between vote and prepare loses the branch of a transaction that commits elsewhere.
    @Test
    void yesIsVotedOnlyWhenDurablyPrepared() {
        scenario.worked().told(new Command.Prepare(XID, OWN));
        assertThat(votes()).isEmpty();
        scenario.in(new EvidenceWritten(OWN));
        assertThat(votes()).isEmpty();
        scenario.in(new Prepared(OWN));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.YES, 1));
        scenario.holds("yesIsVotedOnlyWhenDurablyPrepared");
    }

    // Without it: one lost enlistment hangs the business call until its timeout.
    @Test
    void enlistmentIsRepeatedUntilItIsAcknowledged() {
        scenario.in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .until(3_000)
                .in(new LeaderReady(0, TERM))
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .until(20_000)
                .holds("enlistmentIsRepeatedUntilItIsAcknowledged");
    }

    // Without it: a branch that no decision names prepares, and nobody ever tells it to commit.
    @Test
    void refusedEnlistmentRollsBackAndTheIdIsSpent() {
        scenario.in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .in(new CallEntered(OWN))
                .told(new Command.EnlistRefused(XID, OWN, Refusal.CLOSED))
                .in(new RolledBack(OWN_REF))
                .in(new CallEntered(OWN))
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .told(new Command.Prepare(XID, OWN))
                .told(new Command.Prepare(XID, OWN))
                .holds("refusedEnlistmentRollsBackAndTheIdIsSpent");
    }

    // Without it: an enlistment that arrives twice, the second time after the list was closed, kills a good
    // transaction.
    @Test
    void acknowledgedBranchIgnoresABareRefusal() {
        scenario.worked()
                .told(new Command.EnlistRefused(XID, OWN, Refusal.CLOSED))
                .told(new Command.EnlistRefused(XID, OWN, Refusal.NOT_LEADER))
                .told(new Command.Prepare(XID, OWN))
                .holds("acknowledgedBranchIgnoresABareRefusal");
    }

    // Without it: a work of an aborted transaction keeps its locks until the timeout.
    @Test
    void refusalBecauseAbortedRollsBackAlsoWhenAcknowledged() {
        scenario.worked()
                .told(new Command.EnlistRefused(XID, OWN, Refusal.ABORTED))
                .in(new RolledBack(OWN_REF))
                .holds("refusalBecauseAbortedRollsBackAlsoWhenAcknowledged");
    }

    // Without it: every election aborts the transactions that were just begun under the leader that won it.
    @Test
    void refusalByANodeThatDoesNotLeadIsFinalOnlyAfterALaterTerm() {
        scenario.in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .told(new Command.EnlistRefused(XID, OWN, Refusal.NOT_LEADER))
                .in(new LeaderReady(0, TERM - 1))
                .told(new Command.EnlistRefused(XID, OWN, Refusal.NOT_LEADER))
                .in(new LeaderReady(0, TERM + 1))
                .in(new RolledBack(OWN_REF))
                .holds("refusalByANodeThatDoesNotLeadIsFinalOnlyAfterALaterTerm");
    }

    // Without it: a branch is opened under a term that is over, and holds its locks until the timeout.
    @Test
    void branchOpenedAfterNewsOfALaterTermIsRefusedAtOnce() {
        scenario.in(new LeaderReady(0, TERM + 1))
                .in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .in(new RolledBack(OWN_REF))
                .holds("branchOpenedAfterNewsOfALaterTermIsRefusedAtOnce");
    }

    // Only the leader that has the branch in its list sends Prepare: who gets it is in the decision. To wait for an
    // acknowledgement that was lost would abort what may commit.
    @Test
    void prepareCountsAsAcknowledgement() {
        scenario.in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .in(new CallEntered(OWN))
                .told(new Command.Prepare(XID, OWN))
                .in(new CallLeft(OWN))
                .holds("prepareCountsAsAcknowledgement");
    }

    // Without it: the call's later statements run outside of what was prepared, or into it.
    @Test
    void prepareWaitsForTheOpenCall() {
        scenario.worked()
                .in(new CallEntered(OWN))
                .in(new CallEntered(OWN))
                .told(new Command.Prepare(XID, OWN))
                .in(new CallLeft(OWN))
                .until(3_000)
                .told(new Command.Prepare(XID, OWN))
                .in(new CallLeft(OWN))
                .in(new EvidenceWritten(OWN))
                .in(new Prepared(OWN))
                .holds("prepareWaitsForTheOpenCall");
    }

    // Without it: the coordinator waits for a vote that hangs behind a call that never returns.
    @Test
    void callOpenAfterThePrepareTimeoutVotesNo() {
        scenario.worked()
                .in(new CallEntered(OWN))
                .told(new Command.Prepare(XID, OWN))
                .until(6_000)
                .in(new CallLeft(OWN))
                .in(new RolledBack(OWN_REF))
                .told(new Command.Prepare(XID, OWN))
                .holds("callOpenAfterThePrepareTimeoutVotesNo");
    }

    // Without it: half of a branch's work was undone, and the other half commits.
    @Test
    void doomedBranchVotesNoAtOnceAndKeepsTheFirstReason() {
        scenario.worked()
                .in(new Doomed(OWN, "two overlapping units were undone"))
                .in(new Doomed(OWN, "another reason"))
                .told(new Command.Prepare(XID, OWN))
                .in(new RolledBack(OWN_REF))
                .told(new Command.Prepare(XID, OWN))
                .holds("doomedBranchVotesNoAtOnceAndKeepsTheFirstReason");
    }

    // Without it: the same, when the call that the vote waits for dooms the branch, or the step in flight is overtaken.
    @Test
    void branchDoomedWhileItWaitsOrWritesVotesNo() {
        BranchId second = new BranchId(OWN.resource(), OWN.instance(), 2);
        scenario.worked()
                .in(new CallEntered(OWN))
                .told(new Command.Prepare(XID, OWN))
                .in(new Doomed(OWN, "the call failed"))
                .in(new Opened(XID, second, TIMEOUT_NANOS))
                .told(new Command.Prepare(XID, second))
                .in(new Doomed(second, "undone"))
                .in(new EvidenceWritten(second))
                .holds("branchDoomedWhileItWaitsOrWritesVotesNo");
    }

    // Without it: a branch whose prepare failed is counted upon. What its database prepared all the same is recovery's.
    @Test
    void failedEvidenceAndFailedPrepareVoteNo() {
        BranchId second = new BranchId(OWN.resource(), OWN.instance(), 2);
        scenario.worked()
                .told(new Command.Prepare(XID, OWN))
                .in(new PrepareFailed(OWN, "INSERT: constraint"))
                .in(new RolledBack(OWN_REF))
                .in(new Opened(XID, second, TIMEOUT_NANOS))
                .told(new Command.Prepare(XID, second))
                .in(new EvidenceWritten(second))
                .in(new PrepareFailed(second, "PREPARE TRANSACTION: connection lost"))
                .told(new Command.Prepare(XID, second))
                .in(new RolledBack(new BranchRef(XID, second)))
                .in(new Prepared(second))
                .holds("failedEvidenceAndFailedPrepareVoteNo");
    }

    // Without it: a branch drops out of phase two while its locks are still held.
    @Test
    void readOnlyIsVotedWhenTheLocalTransactionHasEnded() {
        scenario.worked()
                .told(new Command.Prepare(XID, OWN))
                .in(new NothingWritten(OWN))
                .told(new Command.Prepare(XID, OWN))
                .in(new RolledBack(OWN_REF))
                .told(new Command.Prepare(XID, OWN))
                .holds("readOnlyIsVotedWhenTheLocalTransactionHasEnded");
    }

    // Without it: two different votes reach two leaders, or one after a restart of its stream, and both are believed.
    @Test
    void theFirstVoteStands() {
        scenario.prepared()
                .told(new Command.Prepare(XID, OWN))
                .in(new Doomed(OWN, "late"))
                .told(new Command.Prepare(XID, OWN))
                .told(new Command.CommitBranch(XID, OWN))
                .told(new Command.Prepare(XID, OWN))
                .in(new BranchInput.Committed(OWN_REF))
                .told(new Command.Prepare(XID, OWN))
                .holds("theFirstVoteStands");
    }

    // Without it: a branch that died with nobody noticing is taken for one that is slow, until the timeout.
    @Test
    void unknownOwnBranchVotesNo() {
        scenario.told(new Command.Prepare(XID, OWN)).holds("unknownOwnBranchVotesNo");
    }

    // Without it: an instance votes for a branch whose connection another instance holds.
    @Test
    void prepareOfAnotherInstancesBranchIsNotMine() {
        BranchId elsewhere = new BranchId(new ResourceName("other-db"), BranchScenario.OTHER, 1);
        scenario.told(new Command.Prepare(XID, FOREIGN))
                .told(new Command.Prepare(XID, elsewhere))
                .told(new Command.CommitBranch(XID, elsewhere))
                .told(new Command.AbortBranch(XID, elsewhere))
                .told(new Command.BranchAnswer(XID, elsewhere, Command.Verdict.ABORT))
                .holds("prepareOfAnotherInstancesBranchIsNotMine");
    }

    // Without it: statements after the evidence was written are committed though no row and no count knows of them.
    @Test
    void noCallEntersOnceTheVoteIsBeingMade() {
        scenario.worked()
                .told(new Command.Prepare(XID, OWN))
                .in(new CallEntered(OWN))
                .in(new EvidenceWritten(OWN))
                .in(new CallEntered(OWN))
                .in(new Prepared(OWN))
                .in(new CallEntered(OWN))
                .holds("noCallEntersOnceTheVoteIsBeingMade");
    }

    // Without it: a call that ran twice, on two instances, is not noticed.
    @Test
    void voteCarriesTheNumberOfCalls() {
        scenario.worked()
                .in(new CallEntered(OWN))
                .in(new CallLeft(OWN))
                .in(new CallEntered(OWN))
                .in(new CallLeft(OWN))
                .told(new Command.Prepare(XID, OWN))
                .in(new EvidenceWritten(OWN))
                .in(new Prepared(OWN));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.YES, 3));
        scenario.holds("voteCarriesTheNumberOfCalls");
    }

    private java.util.List<Notice> votes() {
        return scenario.last().stream()
                .filter(Tell.class::isInstance)
                .map(effect -> ((Tell) effect).notice())
                .filter(Notice.Voted.class::isInstance)
                .toList();
    }
}
