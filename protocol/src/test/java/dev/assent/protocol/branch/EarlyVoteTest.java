package dev.assent.protocol.branch;

import static dev.assent.protocol.branch.BranchScenario.OWN;
import static dev.assent.protocol.branch.BranchScenario.OWN_REF;
import static dev.assent.protocol.branch.BranchScenario.TERM;
import static dev.assent.protocol.branch.BranchScenario.TIMEOUT_NANOS;
import static dev.assent.protocol.branch.BranchScenario.XID;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Vote;
import dev.assent.protocol.branch.BranchEffect.Tell;
import dev.assent.protocol.branch.BranchInput.CallEntered;
import dev.assent.protocol.branch.BranchInput.CallLeft;
import dev.assent.protocol.branch.BranchInput.Doomed;
import dev.assent.protocol.branch.BranchInput.EvidenceWritten;
import dev.assent.protocol.branch.BranchInput.LastCall;
import dev.assent.protocol.branch.BranchInput.LeaderReady;
import dev.assent.protocol.branch.BranchInput.NothingWritten;
import dev.assent.protocol.branch.BranchInput.Opened;
import dev.assent.protocol.branch.BranchInput.Prepared;
import dev.assent.protocol.branch.BranchInput.RolledBack;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Votes that nobody asked for: the application promised that no further call would use the branch. */
class EarlyVoteTest {
    private final BranchScenario scenario = BranchScenario.start();

    private BranchScenario working() {
        return scenario.in(new LeaderReady(0, TERM))
                .in(new Opened(XID, OWN, TIMEOUT_NANOS))
                .in(new CallEntered(OWN));
    }

    private BranchScenario promised() {
        return working()
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .in(new LastCall(OWN))
                .in(new CallLeft(OWN));
    }

    @Test
    void yesIsVotedWithoutAPrepare() {
        promised().in(new EvidenceWritten(OWN)).in(new Prepared(OWN));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.YES, 1));
        scenario.told(new Command.Prepare(XID, OWN))
                .told(new Command.CommitBranch(XID, OWN))
                .holds("yesIsVotedWithoutAPrepare");
    }

    // Without it: locks of a reader go while others of its transaction still lock, and what it read is not what
    // committed.
    @Test
    void readOnlyIsNeverVotedEarly() {
        promised().in(new NothingWritten(OWN));
        assertThat(scenario.last()).isEmpty();
        scenario.told(new Command.Prepare(XID, OWN)).in(new NothingWritten(OWN)).in(new RolledBack(OWN_REF));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.READ_ONLY, 1));
        scenario.holds("readOnlyIsNeverVotedEarly");
    }

    // Without it: a Prepare that overtook the early one's first step is answered only when it is repeated.
    @Test
    void readOnlyIsVotedIfPrepareArrivedMeanwhile() {
        promised()
                .told(new Command.Prepare(XID, OWN))
                .in(new NothingWritten(OWN))
                .in(new RolledBack(OWN_REF));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.READ_ONLY, 1));
    }

    // Without it: a branch prepares that no decision names.
    @Test
    void nothingIsPreparedBeforeTheEnlistmentIsAcknowledged() {
        working().in(new LastCall(OWN)).in(new CallLeft(OWN));
        assertThat(scenario.last()).isEmpty();
    }

    @Test
    void callsThatWereOpenAreAwaitedAndCounted() {
        working()
                .in(new CallEntered(OWN))
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .in(new LastCall(OWN))
                .in(new CallLeft(OWN));
        assertThat(scenario.last()).isEmpty();
        scenario.in(new CallLeft(OWN)).in(new EvidenceWritten(OWN)).in(new Prepared(OWN));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.YES, 2));
    }

    // Without it: a call that came after all is committed or not, by the luck of its timing.
    @Test
    void callAgainstThePromiseIsRefusedAndNotCounted() {
        working()
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .in(new LastCall(OWN))
                .in(new CallEntered(OWN));
        assertThat(scenario.last()).hasOnlyElementsOfType(BranchEffect.Closed.class);
        scenario.in(new CallLeft(OWN)).in(new EvidenceWritten(OWN)).in(new Prepared(OWN));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.YES, 1));
    }

    @Test
    void doomedBranchWaitsToBeAsked() {
        working()
                .told(new Command.EnlistAcknowledged(XID, OWN))
                .in(new Doomed(OWN, "undone"))
                .in(new LastCall(OWN))
                .in(new CallLeft(OWN));
        assertThat(scenario.last()).isEmpty();
        scenario.told(new Command.Prepare(XID, OWN));
        assertThat(votes()).containsExactly(new Notice.Voted(XID, OWN, Vote.no("undone"), 1));
    }

    private List<Notice> votes() {
        return scenario.last().stream()
                .filter(Tell.class::isInstance)
                .map(effect -> ((Tell) effect).notice())
                .filter(Notice.Voted.class::isInstance)
                .toList();
    }
}
