package dev.assent.protocol.branch;

import static dev.assent.protocol.branch.BranchScenario.DB;
import static dev.assent.protocol.branch.BranchScenario.FOREIGN;
import static dev.assent.protocol.branch.BranchScenario.FOREIGN_REF;
import static dev.assent.protocol.branch.BranchScenario.OWN;
import static dev.assent.protocol.branch.BranchScenario.OWN_REF;
import static dev.assent.protocol.branch.BranchScenario.TERM;
import static dev.assent.protocol.branch.BranchScenario.TIMEOUT_NANOS;
import static dev.assent.protocol.branch.BranchScenario.XID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.branch.BranchInput.Committed;
import dev.assent.protocol.branch.BranchInput.EvidenceWritten;
import dev.assent.protocol.branch.BranchInput.LeaderReady;
import dev.assent.protocol.branch.BranchInput.Opened;
import dev.assent.protocol.branch.BranchInput.PrepareFailed;
import dev.assent.protocol.branch.BranchInput.PreparedListed;
import dev.assent.protocol.branch.BranchInput.RolledBack;
import dev.assent.protocol.branch.BranchInput.RowsListed;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.RowVerdict;
import dev.assent.protocol.message.Command.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a crash, or a lost message, left behind: §7. */
class RecoveryTest {
    private final BranchScenario scenario = BranchScenario.withRecovery();

    // Without it: what another instance, which is alive, is about to commit is asked about, and an election in between
    // aborts it for no reason.
    @Test
    void anotherInstancesBranchIsAskedAboutOnlyAfterTheGrace() {
        scenario.until(0)
                .in(new PreparedListed(DB, List.of(FOREIGN_REF)))
                .in(new LeaderReady(0, TERM))
                .until(8_500)
                .in(new PreparedListed(DB, List.of(FOREIGN_REF)))
                .until(11_000)
                .told(new Command.BranchAnswer(XID, FOREIGN, Verdict.COMMIT))
                .in(new Committed(FOREIGN_REF))
                .holds("anotherInstancesBranchIsAskedAboutOnlyAfterTheGrace");
    }

    // Without it: a branch that its own instance has resolved meanwhile is asked about for ever.
    @Test
    void foundBranchThatIsGoneFromTheNextListingIsForgotten() {
        scenario.until(0).in(new PreparedListed(DB, List.of(FOREIGN_REF))).in(new PreparedListed(DB, List.of()));
        assertThat(scenario.unresolved()).isEmpty();
        scenario.until(30_000).holds("foundBranchThatIsGoneFromTheNextListingIsForgotten");
    }

    // Without it: a prepare that succeeded though its connection was lost holds its locks for ever.
    @Test
    void whatThisProcessGaveUpIsAskedAboutAtOnceAndItsVoteStands() {
        scenario.until(0)
                .worked()
                .told(new Command.Prepare(XID, OWN))
                .in(new EvidenceWritten(OWN))
                .in(new PrepareFailed(OWN, "connection lost"))
                .in(new RolledBack(OWN_REF))
                .in(new PreparedListed(DB, List.of(OWN_REF)))
                .told(new Command.Prepare(XID, OWN))
                .told(new Command.BranchAnswer(XID, OWN, Verdict.ABORT))
                .in(new RolledBack(OWN_REF))
                .told(new Command.Prepare(XID, OWN))
                .holds("whatThisProcessGaveUpIsAskedAboutAtOnceAndItsVoteStands");
    }

    // Without it: a listing that was read before a commit makes a committed branch a doubtful one.
    @Test
    void branchesInMemoryAndOldListingsOfCommittedOnesAreLeftAlone() {
        scenario.until(0)
                .prepared()
                .in(new PreparedListed(DB, List.of(OWN_REF)))
                .told(new Command.CommitBranch(XID, OWN))
                .in(new PreparedListed(DB, List.of(OWN_REF)))
                .in(new Committed(OWN_REF))
                .in(new PreparedListed(DB, List.of(OWN_REF)))
                .in(new PreparedListed(DB, List.of()))
                .told(new Command.CommitBranch(XID, OWN))
                .holds("branchesInMemoryAndOldListingsOfCommittedOnesAreLeftAlone");
    }

    // Without it: the row that proves a commit is gone, and a repeated Commit is reported as a heuristic.
    @Test
    void rowIsRemovedOnlyOnTheLeadersWord() {
        BranchRef second = ref(2);
        scenario.until(0)
                .in(new RowsListed(DB, List.of(FOREIGN_REF, second)))
                .told(new Command.RowAnswer(XID, FOREIGN, RowVerdict.LISTED))
                .told(new Command.RowAnswer(XID, FOREIGN, RowVerdict.PENDING))
                .told(new Command.RowAnswer(XID, FOREIGN, RowVerdict.FOREIGN))
                .told(new Command.RowAnswer(XID, FOREIGN, RowVerdict.NOT_LEADER))
                .until(1_000)
                .told(new Command.RowAnswer(XID, FOREIGN, RowVerdict.ENDED))
                .told(new Command.RowAnswer(XID, second.branch(), RowVerdict.EXPIRED))
                .in(new RowsListed(DB, List.of(FOREIGN_REF, second)))
                .told(new Command.Forget(XID, ref(3).branch()))
                .until(2_000)
                .holds("rowIsRemovedOnlyOnTheLeadersWord");
    }

    // Without it: somebody commits by hand what the transaction aborted, and nobody hears of it.
    @Test
    void rowOfAnAbortedTransactionIsReported() {
        scenario.until(0)
                .in(new RowsListed(DB, List.of(FOREIGN_REF)))
                .told(new Command.RowAnswer(XID, FOREIGN, RowVerdict.ABORTED))
                .until(1_000)
                .holds("rowOfAnAbortedTransactionIsReported");
    }

    // Without it: the removal waits for the lock of a row that is not committed.
    @Test
    void rowOfABranchThatIsStillPreparedIsNotTouched() {
        scenario.until(0)
                .prepared()
                .told(new Command.Forget(XID, OWN))
                .told(new Command.RowAnswer(XID, OWN, RowVerdict.ENDED))
                .in(new RowsListed(DB, List.of(OWN_REF)))
                .until(1_000)
                .holds("rowOfABranchThatIsStillPreparedIsNotTouched");
    }

    // Without it: a forged command speaks for a branch that is still to come.
    @Test
    void forgedCommandsBindNoBranch() {
        BranchRef otherXid = new BranchRef(new dev.assent.protocol.Xid(XID.cluster(), 0, TERM, 99), OWN);
        scenario.until(0)
                .told(new Command.Prepare(XID, OWN))
                .in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .told(new Command.AbortBranch(otherXid.xid(), OWN))
                .told(new Command.Prepare(otherXid.xid(), OWN))
                .told(new Command.Lease(new dev.assent.protocol.message.BlockId(5, 0), 1))
                .in(new PreparedListed(DB, List.of(otherXid)))
                .holds("forgedCommandsBindNoBranch");
    }

    private static BranchRef ref(long number) {
        return new BranchRef(XID, new dev.assent.protocol.BranchId(DB, BranchScenario.OTHER, number));
    }
}
