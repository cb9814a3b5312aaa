package dev.assent.protocol.initiator;

import static dev.assent.protocol.initiator.InitiatorScenario.NOT_LEADER;
import static dev.assent.protocol.initiator.InitiatorScenario.TERM;
import static dev.assent.protocol.initiator.InitiatorScenario.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorEffect.Settled;
import dev.assent.protocol.initiator.InitiatorInput.LeaderReady;
import dev.assent.protocol.initiator.InitiatorInput.OutcomeWanted;
import dev.assent.protocol.initiator.InitiatorInput.RollbackWanted;
import dev.assent.protocol.message.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Asking until answered, and saying one thing only: rules 6 and 7, AC4. */
class EndingTest {
    private static final Answer COMMITTED = new Answer.Committed(List.of());
    private static final Answer ABORTED = new Answer.Aborted(AbortCause.of(AbortCause.Kind.LEADER_CHANGED));

    private final InitiatorScenario scenario = new InitiatorScenario();

    // Without it: a leader that was deposed while it decided leaves the caller without an answer, or with a wrong one.
    @Test
    void commitIsAskedUntilItIsAnsweredForGood() {
        scenario.worked()
                .commits(0)
                .until(2_000)
                .answered(1, new Answer.Pending())
                .until(3_000)
                .answered(1, NOT_LEADER)
                .in(new LeaderReady(0, TERM + 1))
                .answered(1, COMMITTED)
                .until(60_000)
                .holds("commitIsAskedUntilItIsAnsweredForGood");
    }

    // Without it: a caller that asks twice is told two things.
    @Test
    void theFirstFinalAnswerIsToldToEverybody() {
        scenario.worked()
                .commits(0)
                .answered(1, COMMITTED)
                .answered(1, ABORTED)
                .commits(0)
                .in(rollback(0))
                .in(new OutcomeWanted(xid(0)))
                .holds("theFirstFinalAnswerIsToldToEverybody");
    }

    // Without it: a rollback whose message is lost commits after all.
    @Test
    void rollbackNeverTurnsIntoACommit() {
        scenario.worked()
                .in(rollback(0))
                .commits(0)
                .in(rollback(0))
                .in(new LeaderReady(0, TERM))
                .answered(1, ABORTED)
                .commits(0)
                .holds("rollbackNeverTurnsIntoACommit");
    }

    // Without it: a caller that gave up waiting can do nothing. The answer to the first question counts no more.
    @Test
    void commitThatIsNotAnsweredCanBeCalledOff() {
        scenario.worked()
                .commits(0)
                .commits(0)
                .in(rollback(0))
                .answered(1, new Answer.Pending())
                .answered(2, COMMITTED)
                .holds("commitThatIsNotAnsweredCanBeCalledOff");
    }

    // Without it: a question closes the number that it asks about, before the first branch has reached the leader.
    @Test
    void outcomeOfAnOwnOpenTransactionIsNotAskedOfTheCoordinator() {
        scenario.begun().in(new OutcomeWanted(xid(0)));
        assertThat(scenario.last()).containsExactly(new InitiatorEffect.StillPending(xid(0)));
        scenario.commits(0).in(new OutcomeWanted(xid(0)));
        assertThat(scenario.last()).containsExactly(new InitiatorEffect.StillPending(xid(0)));
    }

    // Without it: a process that continues for another one cannot learn what happened.
    @Test
    void outcomeOfAnotherProcessesTransactionIsAskedFor() {
        scenario.in(new LeaderReady(0, TERM))
                .in(new OutcomeWanted(xid(40)))
                .in(new OutcomeWanted(xid(40)))
                .answered(1, NOT_LEADER)
                .until(1_000)
                .in(new LeaderReady(0, TERM + 1))
                .answered(1, new Answer.Pending())
                .in(new OutcomeWanted(xid(40)))
                .answered(2, ABORTED)
                .in(new OutcomeWanted(xid(40)))
                .in(new OutcomeWanted(xid(41)))
                .commits(41)
                .answered(3, COMMITTED)
                .answered(4, COMMITTED)
                .holds("outcomeOfAnotherProcessesTransactionIsAskedFor");
    }

    // Without it: the question about a lost cluster is kept for ever.
    @Test
    void outcomeQuestionThatNobodyAnswersIsGivenUp() {
        scenario.in(new OutcomeWanted(xid(40))).until(61_000);
        assertThat(scenario.last()).containsExactly(new InitiatorEffect.StillPending(xid(40)));
    }

    // Without it: a question that every node refuses is asked for ever.
    @Test
    void refusalThatEveryNodeWouldRepeatSettles() {
        Answer foreign = new Answer.Refused(Answer.Reason.FOREIGN, 0, "another life of the cluster");
        scenario.worked().commits(0).answered(1, foreign);
        assertThat(scenario.last()).containsExactly(new Settled(xid(0), foreign));
        Answer invalid = new Answer.Refused(Answer.Reason.INVALID, 0, "never leased");
        scenario.commits(1).answered(2, invalid);
        assertThat(scenario.last()).containsExactly(new Settled(xid(1), invalid));
    }

    // Without it: a refusal for want of room, or one that answers another request, is taken for an outcome.
    @Test
    void refusalThatPassesDoesNotSettle() {
        scenario.worked().commits(0);
        for (Answer.Reason reason : List.of(
                Answer.Reason.NOT_LEADER,
                Answer.Reason.TOO_MANY_TRANSACTIONS,
                Answer.Reason.STALE_BEGIN,
                Answer.Reason.NOT_APPLICABLE)) {
            scenario.answered(1, new Answer.Refused(reason, 0, ""));
            assertThat(scenario.last()).isEmpty();
        }
        scenario.answered(1, new Answer.Done())
                .answered(1, new Answer.Begun(xid(0), 1))
                .answered(77, COMMITTED);
        assertThat(scenario.core().openCount()).isEqualTo(1);
    }

    private static RollbackWanted rollback(long seq) {
        return new RollbackWanted(xid(seq), AbortCause.of(AbortCause.Kind.ROLLED_BACK));
    }

    // Without it: after a restore, an old xid is answered with what the new cluster did under the same number.
    @Test
    void outcomeOfAnotherLifeOfTheClusterIsRefusedAndNotAsked() {
        Xid old = new Xid(new ClusterId("test", "oldlife0"), 0, TERM, 0);
        scenario.worked().commits(0).answered(1, COMMITTED).in(new OutcomeWanted(old));

        assertThat(scenario.last()).singleElement().isInstanceOfSatisfying(Settled.class, settled -> {
            assertThat(settled.xid()).isEqualTo(old);
            assertThat(settled.answer())
                    .isInstanceOfSatisfying(
                            Answer.Refused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Answer.Reason.FOREIGN));
        });
    }
}
