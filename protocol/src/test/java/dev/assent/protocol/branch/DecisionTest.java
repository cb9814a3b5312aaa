package dev.assent.protocol.branch;

import static dev.assent.protocol.branch.BranchScenario.FOREIGN;
import static dev.assent.protocol.branch.BranchScenario.FOREIGN_REF;
import static dev.assent.protocol.branch.BranchScenario.OWN;
import static dev.assent.protocol.branch.BranchScenario.OWN_REF;
import static dev.assent.protocol.branch.BranchScenario.TERM;
import static dev.assent.protocol.branch.BranchScenario.TIMEOUT_NANOS;
import static dev.assent.protocol.branch.BranchScenario.XID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchInput.Busy;
import dev.assent.protocol.branch.BranchInput.Committed;
import dev.assent.protocol.branch.BranchInput.EvidenceWritten;
import dev.assent.protocol.branch.BranchInput.FoundCommitted;
import dev.assent.protocol.branch.BranchInput.LeaderReady;
import dev.assent.protocol.branch.BranchInput.NothingFound;
import dev.assent.protocol.branch.BranchInput.NothingWritten;
import dev.assent.protocol.branch.BranchInput.Opened;
import dev.assent.protocol.branch.BranchInput.PrepareFailed;
import dev.assent.protocol.branch.BranchInput.Prepared;
import dev.assent.protocol.branch.BranchInput.RolledBack;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Verdict;
import org.junit.jupiter.api.Test;

/** Phase two, and what a branch does that hears nothing: rules 4 to 8. */
class DecisionTest {
    private final BranchScenario scenario = BranchScenario.start();

    // Without it: AC5 does not hold.
    @Test
    void preparedBranchCommitsAndReports() {
        scenario.prepared()
                .told(new Command.CommitBranch(XID, OWN))
                .in(new Committed(OWN_REF))
                .told(new Command.CommitBranch(XID, OWN))
                .holds("preparedBranchCommitsAndReports");
    }

    // Without it: work is committed that was not voted upon, and may be going on.
    @Test
    void activeBranchNeverObeysACommit() {
        scenario.worked()
                .told(new Command.CommitBranch(XID, OWN))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.COMMIT))
                .told(new Command.Prepare(XID, OWN))
                .told(new Command.CommitBranch(XID, OWN))
                .in(new EvidenceWritten(OWN))
                .told(new Command.CommitBranch(XID, OWN))
                .holds("activeBranchNeverObeysACommit");
    }

    // Without it: the branch aborts after its YES, and the others commit.
    @Test
    void preparedBranchNeverAbortsByItself() {
        scenario.prepared()
                .in(new BranchInput.Doomed(OWN, "late"))
                .in(new LeaderReady(0, TERM + 1))
                .told(new Command.EnlistRefused(XID, OWN, Command.Refusal.CLOSED))
                .told(new Command.EnlistRefused(XID, OWN, Command.Refusal.ABORTED))
                .until(300_000);
        assertThat(scenario.core().unresolved()).extracting(Unresolved::branch).containsExactly(OWN_REF);
        scenario.holds("preparedBranchNeverAbortsByItself");
    }

    // Without it: locks of an aborted transaction stay.
    @Test
    void abortedBranchRollsBackAndReportsWhenItIsDone() {
        BranchId second = new BranchId(OWN.resource(), OWN.instance(), 2);
        scenario.worked()
                .told(new Command.AbortBranch(XID, OWN))
                .told(new Command.AbortBranch(XID, OWN))
                .in(new RolledBack(OWN_REF))
                .told(new Command.AbortBranch(XID, OWN))
                .in(new Opened(XID, second, TIMEOUT_NANOS))
                .told(new Command.AbortBranch(XID, second))
                .in(new RolledBack(new BranchRef(XID, second)))
                .told(new Command.Prepare(XID, second))
                .holds("abortedBranchRollsBackAndReportsWhenItIsDone");
    }

    // Without it: the branch prepares after it has acknowledged the abort, and nobody will speak of it again.
    @Test
    void abortIsObeyedWhenTheStepInFlightHasAnswered() {
        BranchId second = new BranchId(OWN.resource(), OWN.instance(), 2);
        BranchId third = new BranchId(OWN.resource(), OWN.instance(), 3);
        scenario.worked()
                .told(new Command.Prepare(XID, OWN))
                .told(new Command.AbortBranch(XID, OWN))
                .in(new EvidenceWritten(OWN))
                .in(new RolledBack(OWN_REF))
                .in(new Opened(XID, second, TIMEOUT_NANOS))
                .told(new Command.Prepare(XID, second))
                .in(new EvidenceWritten(second))
                .told(new Command.AbortBranch(XID, second))
                .told(new Command.AbortBranch(XID, second))
                .in(new Prepared(second))
                .in(new RolledBack(new BranchRef(XID, second)))
                .in(new Opened(XID, third, TIMEOUT_NANOS))
                .told(new Command.Prepare(XID, third))
                .in(new EvidenceWritten(third))
                .told(new Command.BranchAnswer(XID, third, Verdict.ABORT))
                .in(new PrepareFailed(third, "connection lost"))
                .in(new RolledBack(new BranchRef(XID, third)))
                .holds("abortIsObeyedWhenTheStepInFlightHasAnswered");
    }

    // Without it: an aborted branch that had written nothing votes READ_ONLY, and the acknowledgement is missing.
    @Test
    void abortDuringTheReadOnlyEndIsAcknowledgedInsteadOfVoted() {
        scenario.worked()
                .told(new Command.Prepare(XID, OWN))
                .in(new NothingWritten(OWN))
                .told(new Command.AbortBranch(XID, OWN))
                .in(new RolledBack(OWN_REF))
                .told(new Command.Prepare(XID, OWN))
                .holds("abortDuringTheReadOnlyEndIsAcknowledgedInsteadOfVoted");
    }

    // Without it: two sessions resolve one prepared branch at the same time, and one of them reports nonsense.
    @Test
    void repeatedCommandsStartNoSecondStep() {
        scenario.prepared()
                .told(new Command.CommitBranch(XID, OWN))
                .told(new Command.CommitBranch(XID, OWN))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.COMMIT))
                .in(new Busy(OWN_REF, "in use"))
                .told(new Command.CommitBranch(XID, OWN))
                .until(1_000)
                .in(new Committed(OWN_REF))
                .holds("repeatedCommandsStartNoSecondStep");
    }

    // Without it: an error is taken for an end, and a decided branch stays prepared for ever.
    @Test
    void busyBranchIsTriedForEverAndSeen() {
        scenario.prepared().told(new Command.CommitBranch(XID, OWN));
        for (int i = 1; i <= 12; i++) {
            scenario.in(new Busy(OWN_REF, "error " + i)).until(i * 15_000L);
        }
        assertThat(scenario.unresolved()).hasSize(1).allSatisfy(it -> {
            assertThat(it.lastError()).isEqualTo("error 12");
            assertThat(it.sinceNanos()).isZero();
        });
        scenario.holds("busyBranchIsTriedForEverAndSeen");
    }

    // Without it: a restarted participant's prepared branches wait for the old process.
    @Test
    void anotherInstancesBranchIsCommittedAndWhatIsFoundIsReported() {
        BranchId second = new BranchId(FOREIGN.resource(), FOREIGN.instance(), 2);
        scenario.told(new Command.CommitBranch(XID, FOREIGN))
                .told(new Command.CommitBranch(XID, FOREIGN))
                .in(new Committed(FOREIGN_REF))
                .told(new Command.CommitBranch(XID, second))
                .in(new NothingFound(new BranchRef(XID, second)))
                .told(new Command.CommitBranch(XID, second))
                .holds("anotherInstancesBranchIsCommittedAndWhatIsFoundIsReported");
    }

    // Without it: an unknown branch is reported as a success, and money that nobody holds is called moved.
    @Test
    void commitOfAnUnknownOwnBranchIsDecidedByTheDatabase() {
        scenario.told(new Command.CommitBranch(XID, OWN))
                .in(new NothingFound(OWN_REF))
                .told(new Command.CommitBranch(XID, OWN))
                .in(new Committed(OWN_REF))
                .holds("commitOfAnUnknownOwnBranchIsDecidedByTheDatabase");
    }

    // Without it: a branch that somebody committed by hand is acknowledged as rolled back.
    @Test
    void anotherInstancesBranchIsRolledBackAndWhatIsFoundIsReported() {
        BranchId second = new BranchId(FOREIGN.resource(), FOREIGN.instance(), 2);
        scenario.told(new Command.AbortBranch(XID, FOREIGN))
                .in(new Busy(FOREIGN_REF, "held by another session"))
                .until(1_000)
                .in(new RolledBack(FOREIGN_REF))
                .told(new Command.AbortBranch(XID, second))
                .in(new FoundCommitted(new BranchRef(XID, second)))
                .holds("anotherInstancesBranchIsRolledBackAndWhatIsFoundIsReported");
    }

    // Without it: the leader repeats an abort that has nothing to do.
    @Test
    void abortOfAnUnknownOwnBranchIsDone() {
        scenario.told(new Command.AbortBranch(XID, OWN)).holds("abortOfAnUnknownOwnBranchIsDone");
    }

    // Without it: a lost decision is never learnt, or a new leader never tells what the old one decided.
    @Test
    void branchInDoubtAsksUntilItHears() {
        scenario.prepared()
                .until(12_000)
                .told(new Command.BranchAnswer(XID, OWN, Verdict.PENDING))
                .until(16_000)
                .in(new LeaderReady(0, TERM + 1))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.NOT_LEADER))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.ABORT))
                .in(new RolledBack(OWN_REF))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.ABORT))
                .holds("branchInDoubtAsksUntilItHears");
    }

    // Without it: the branch guesses.
    @Test
    void branchThatNobodyRemembersStaysInDoubtAndSaysSo() {
        scenario.prepared()
                .in(new LeaderReady(0, TERM))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.EXPIRED))
                .until(130_000)
                .told(new Command.BranchAnswer(XID, OWN, Verdict.FOREIGN))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.INVALID))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.ABANDON));
        assertThat(scenario.unresolved())
                .extracting(Unresolved::verdict)
                .containsExactly(java.util.Optional.of(Verdict.INVALID));
        scenario.told(new Command.BranchAnswer(XID, OWN, Verdict.COMMIT))
                .in(new Committed(OWN_REF))
                .holds("branchThatNobodyRemembersStaysInDoubtAndSaysSo");
    }

    // Without it: branches of a transaction that can no longer commit hold their locks until the timeout; or a voted
    // one
    // forgets that it voted.
    @Test
    void newLeaderEndsWhatHasNotVotedAndIsAskedAboutTheRest() {
        BranchId second = new BranchId(OWN.resource(), OWN.instance(), 2);
        BranchId third = new BranchId(OWN.resource(), OWN.instance(), 3);
        scenario.prepared()
                .in(new Opened(XID, second, TIMEOUT_NANOS))
                .told(new Command.EnlistAcknowledged(XID, second))
                .in(new Opened(XID, third, TIMEOUT_NANOS))
                .told(new Command.Prepare(XID, third))
                .in(new EvidenceWritten(third))
                .in(new LeaderReady(1, TERM + 9))
                .in(new LeaderReady(0, TERM + 1))
                .in(new Prepared(third))
                .until(10)
                .holds("newLeaderEndsWhatHasNotVotedAndIsAskedAboutTheRest");
    }

    // Without it: a branch whose initiator and coordinator are gone holds its locks for ever.
    @Test
    void branchThatIsNeverAskedAbortsByItselfAfterItsTimeout() {
        BranchId second = new BranchId(OWN.resource(), OWN.instance(), 2);
        scenario.worked()
                .until(31_000)
                .in(new Opened(XID, second, 1_000_000_000L))
                .until(33_000)
                .in(new RolledBack(OWN_REF))
                .until(40_000)
                .in(new RolledBack(new BranchRef(XID, second)))
                .told(new Command.Prepare(XID, OWN))
                .told(new Command.Prepare(XID, second))
                .holds("branchThatIsNeverAskedAbortsByItselfAfterItsTimeout");
    }
}
