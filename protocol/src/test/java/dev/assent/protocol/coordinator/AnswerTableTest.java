package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.A2;
import static dev.assent.protocol.coordinator.Names.B1;
import static dev.assent.protocol.coordinator.Names.xid;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Transcript;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord.CommitDecided;
import dev.assent.protocol.coordinator.LogRecord.Ended;
import dev.assent.protocol.coordinator.LogRecord.Forgotten;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Request;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The table of answers: one row a test, each question asked of a fresh leader. The transcript of a row holds what was
 * answered and what the transaction became; two rows that say different things of one outcome would tear a transaction.
 */
class AnswerTableTest {
    private static final long TERM = ShardScenario.TERM;
    private static final Xid OWN = xid(TERM, 7);
    private static final Xid EARLIER = xid(TERM - 1, 7);

    /** A leader that does not answer MIXED hides from the initiator that somebody decided by hand. */
    @Test
    void unresolvedHeuristicIsToldToInitiatorsAndChangesNothingForBranches() {
        row(
                () -> ShardScenario.ready()
                        .committing(OWN, A1, B1)
                        .report(OWN, A1, BranchReport.NOTHING_FOUND)
                        .applied(),
                OWN);
    }

    /** An abandoned branch may have done anything: the outcome is HAZARD until somebody says what it did. */
    @Test
    void abandonedBranchIsToldAsHazardAndStaysListed() {
        row(
                () -> ShardScenario.ready()
                        .committing(OWN, A1, B1)
                        .request(90, new Request.Abandon(OWN, A1, "ann", "gone"))
                        .applied(),
                OWN);
    }

    /** A listed branch must commit whenever it asks, a branch that is not in the decision must not. */
    @Test
    void listedOfTheOwnTermCommitsItsBranchesAndNoOther() {
        row(() -> ShardScenario.ready().committing(OWN, A1, B1), OWN);
    }

    /** A branch of an earlier term was acknowledged by another leader: an enlistment now is late or forged. */
    @Test
    void listedOfAnEarlierTermAcknowledgesNoEnlistment() {
        row(AnswerTableTest::withListedOfAnEarlierTerm, EARLIER);
    }

    /** A branch that asks about an ended commit lost it: its database was restored or failed over. */
    @Test
    void endedSaysCommitToWhoAsksAndNothingToVotes() {
        row(() -> ShardScenario.ready().ended(OWN, A1, B1), OWN);
    }

    /** ABORTED about a commit that is no longer remembered would contradict what was told. */
    @Test
    void forgottenSaysExpiredAndNeverAborted() {
        row(AnswerTableTest::withForgotten, EARLIER);
    }

    /** Presumed abort: nothing of an earlier term can commit once an entry of the own term is applied. */
    @Test
    void earlierTermWithoutADecisionIsAborted() {
        row(() -> ShardScenario.ready(), EARLIER);
    }

    /** ABORT to a branch that works would make a question destroy a transaction. */
    @Test
    void activeTransactionIsPending() {
        row(() -> ShardScenario.ready().enlist(OWN, A1).enlist(OWN, B1), OWN);
    }

    @Test
    void preparingTransactionTakesVotesAndNoNewBranch() {
        row(() -> ShardScenario.ready().preparing(OWN, A1, B1), OWN);
    }

    /** Anything but waiting would contradict the record, which may be committed already. */
    @Test
    void decidingTransactionWaitsForItsRecord() {
        row(() -> ShardScenario.ready().deciding(OWN, A1, B1), OWN);
    }

    @Test
    void abortingTransactionIsAborted() {
        row(() -> ShardScenario.ready().enlist(OWN, A1).enlist(OWN, B1).rollback(90, OWN), OWN);
    }

    /** Opened again by a late message, the number could commit after its initiator heard ABORTED. */
    @Test
    void overIsOverWhateverArrives() {
        row(() -> ShardScenario.ready().enlist(OWN, A1).rollback(90, OWN).done(OWN, A1), OWN);
    }

    /** Without a YES nothing changed: COMMITTED at once; branches hear nothing that a new leader would not say. */
    @Test
    void endingWithoutAYesIsCommittedForInitiators() {
        row(
                () -> ShardScenario.ready()
                        .preparing(OWN, A1, B1)
                        .vote(OWN, A1, Vote.READ_ONLY)
                        .vote(OWN, B1, Vote.READ_ONLY),
                OWN);
    }

    @Test
    void endingAfterEveryAcknowledgementIsStillListed() {
        row(() -> ShardScenario.ready().committing(OWN, A1, B1).done(OWN, A1).done(OWN, B1), OWN);
    }

    /** The first message opens the number; every one but Begin and an enlistment closes it with the same stroke. */
    @Test
    void leasedAndNeverOpenedIsOpenedByTheFirstMessage() {
        row(() -> ShardScenario.ready(), OWN);
    }

    /** Nobody was given that number: answering ABORT would confirm a forgery, opening it would collide with a lease. */
    @Test
    void numberThatWasNeverLeasedIsInvalid() {
        row(() -> ShardScenario.ready(), xid(TERM, 50_000));
    }

    /** The cluster was restored since: whatever it remembers is about other transactions. */
    @Test
    void anotherLifeOfTheClusterIsForeign() {
        row(() -> ShardScenario.ready(), new Xid(Names.FOREIGN, 0, TERM, 7));
    }

    @Test
    void anotherShardIsNotAnsweredFor() {
        row(() -> ShardScenario.ready(), new Xid(Names.CLUSTER, 1, TERM, 7));
    }

    /** There is a newer leader, or the xid is forged: it deposes nobody and is answered with the own term. */
    @Test
    void laterTermIsNotLed() {
        row(() -> ShardScenario.ready(), xid(TERM + 1, 7));
    }

    /** Until its own record has applied, a leader does not know what its predecessors decided. */
    @Test
    void nobodyIsAnsweredBeforeReadiness() {
        row(() -> ShardScenario.born().sessions().entryTerm(TERM).in(new Input.LeadershipWon()), EARLIER);
    }

    private static ShardScenario withListedOfAnEarlierTerm() {
        ShardScenario scenario = ShardScenario.born().sessions().entryTerm(TERM - 1);
        return scenario.applied(new CommitDecided(EARLIER, List.of(A1, B1), 0)).wins(TERM);
    }

    private static ShardScenario withForgotten() {
        ShardScenario scenario = ShardScenario.born().sessions().entryTerm(TERM - 1);
        return scenario.applied(new CommitDecided(EARLIER, List.of(A1, B1), 0))
                .applied(new Ended(EARLIER))
                .applied(new Forgotten(BlockId.of(EARLIER)))
                .wins(TERM);
    }

    private static void row(Supplier<ShardScenario> given, Xid xid) {
        StringBuilder text = new StringBuilder();
        BranchId stranger = A2;
        ask(text, given, xid, "known branch enlists", s -> s.enlist(xid, A1));
        ask(text, given, xid, "new branch enlists", s -> s.enlist(xid, stranger));
        ask(text, given, xid, "known branch votes YES", s -> s.vote(xid, A1, Vote.YES));
        ask(text, given, xid, "new branch votes YES", s -> s.vote(xid, stranger, Vote.YES));
        ask(text, given, xid, "known branch votes NO", s -> s.vote(xid, A1, Vote.no("full")));
        ask(text, given, xid, "known branch votes READ_ONLY", s -> s.vote(xid, A1, Vote.READ_ONLY));
        ask(text, given, xid, "known branch asks", s -> s.ask(xid, A1));
        ask(text, given, xid, "new branch asks", s -> s.ask(xid, stranger));
        ask(text, given, xid, "known branch shows its row", s -> s.row(xid, A1));
        ask(text, given, xid, "new branch shows its row", s -> s.row(xid, stranger));
        ask(text, given, xid, "Begin", s -> s.begin(1, xid));
        ask(text, given, xid, "Commit, empty account", s -> s.commit(1, xid, Names.sums()));
        ask(text, given, xid, "Commit, a branch unknown", s -> s.commit(1, xid, Names.sums(stranger)));
        ask(text, given, xid, "Rollback", s -> s.rollback(1, xid));
        ask(text, given, xid, "outcome?", s -> s.outcome(1, xid));
        for (BranchReport report : BranchReport.values()) {
            ask(text, given, xid, "known branch reports " + report, s -> s.report(xid, A1, report));
        }
        String name = StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getMethodName());
        Transcript.mustEqual(text.toString(), "coordinator/answers", name);
    }

    private static void ask(
            StringBuilder text,
            Supplier<ShardScenario> given,
            Xid xid,
            String question,
            Consumer<ShardScenario> asking) {
        ShardScenario scenario = given.get();
        String before = scenario.stateOf(xid);
        asking.accept(scenario);
        text.append(question).append(" (").append(before).append(" → ");
        text.append(scenario.stateOf(xid)).append(")\n");
        scenario.last()
                .forEach(effect ->
                        text.append("   out ").append(Names.show(effect)).append('\n'));
    }
}
