package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.I1;
import static dev.assent.protocol.coordinator.Names.P1;
import static dev.assent.protocol.coordinator.Names.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A number is opened by the first message about it, lives once, and is over afterwards whatever arrives. */
class XidLivesOnceTest {
    private static final long TERM = ShardScenario.TERM;
    private static final Xid X = xid(TERM, 7);
    private static final BlockId LEASED = new BlockId(TERM, 0);

    /** A begin that arrives twice must not begin a transaction that has ended meanwhile. */
    @Test
    void repeatedBeginIsAcknowledgedWhileActiveAndRefusedAfterwards() {
        ShardScenario s = ShardScenario.ready().begin(1, X).begin(2, X);
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Begun.class);
        s.commit(3, X, Names.sums()).begin(4, X).applied().begin(5, X);
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Refused.class);
        s.mustEqual();
    }

    /** A late enlistment after the abort would revive the transaction for one branch alone. */
    @Test
    void lateEnlistmentAfterTheAbortIsRefused() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1).rollback(1, X).done(X, A1);
        s.enlist(X, A1);
        assertThat(s.commands()).containsExactly(new Command.EnlistRefused(X, A1, Command.Refusal.ABORTED));
        s.mustEqual();
    }

    @Test
    void lateEnlistmentAfterTheEndIsRefused() {
        ShardScenario s = ShardScenario.ready().ended(X, A1).forgetLines().enlist(X, A1);
        assertThat(s.commands()).containsExactly(new Command.EnlistRefused(X, A1, Command.Refusal.CLOSED));
        s.mustEqual();
    }

    /** The answer to a question must stay true: the number can never be used after it. */
    @Test
    void questionClosesWhatWasNeverOpened() {
        ShardScenario s = ShardScenario.ready().outcome(1, X).enlist(X, A1).commit(2, X, Names.sums(A1));
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Aborted.class);
        s.mustEqual();
    }

    /** A branch that was told ABORT must not see its transaction opened by an enlistment that was under way. */
    @Test
    void voteAndBranchQuestionAndRowCloseWhatWasNeverOpened() {
        ShardScenario s = ShardScenario.ready().ask(X, A1).enlist(X, A1);
        assertThat(s.commands()).containsExactly(new Command.EnlistRefused(X, A1, Command.Refusal.ABORTED));
        Xid voted = xid(TERM, 8);
        s.vote(voted, A1, Vote.YES).enlist(voted, A1);
        assertThat(s.commands()).containsExactly(new Command.EnlistRefused(voted, A1, Command.Refusal.ABORTED));
        Xid shown = xid(TERM, 9);
        s.row(shown, A1).begin(1, shown);
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Refused.class);
        s.mustEqual();
    }

    /** What a returned block still had is over: its numbers may be on their way in a message that nobody counts. */
    @Test
    void returnedLeaseIsOverButWhatIsOpenGoesOn() {
        ShardScenario s = ShardScenario.ready().enlist(X, A1);
        s.noticed(P1, new Notice.BlockReturned(LEASED)).begin(1, xid(TERM, 8));
        assertThat(s.answers()).as("not p1's to return").hasOnlyElementsOfType(Answer.Begun.class);
        s.noticed(I1, new Notice.BlockReturned(LEASED)).begin(2, xid(TERM, 9)).enlist(X, A1);
        assertThat(s.commands()).containsExactly(new Command.EnlistAcknowledged(X, A1));
        s.mustEqual();
    }

    /** The leader's clock ends a lease that nobody returns. */
    @Test
    void leaseEndsByTheLeadersClock() {
        ShardScenario s = ShardScenario.ready().afterHearing(600_000, I1, P1).forgetLines();
        s.begin(1, xid(TERM, 9));
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Refused.class);
        s.mustEqual();
    }

    /** Nobody will ever say more about the numbers of a dead process. */
    @Test
    void leaseEndsWithTheSessionOfItsOwner() {
        ShardScenario s = ShardScenario.ready().afterHearing(11_000, P1).forgetLines();
        s.begin(1, xid(TERM, 9));
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Refused.class);
        s.mustEqual();
    }

    /** A broken stream loses nobody: the process may be back in a moment and begin from its block. */
    @Test
    void brokenStreamKeepsTheLease() {
        ShardScenario s =
                ShardScenario.ready().in(new Input.SessionClosed(I1, false)).begin(1, xid(TERM, 9));
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Begun.class);
        s.mustEqual();
    }

    @Test
    void goodbyeEndsTheLease() {
        ShardScenario s =
                ShardScenario.ready().in(new Input.SessionClosed(I1, true)).begin(1, xid(TERM, 9));
        assertThat(s.answers()).hasOnlyElementsOfType(Answer.Refused.class);
        s.mustEqual();
    }

    /** Two blocks never share a number, nor does the leader's own one with any of them. */
    @Test
    void leaderTakesItsOwnNumbersFromABlockOfItsOwn() {
        ShardScenario s = ShardScenario.ready().request(1, new Request.Begin(Optional.empty(), 0));
        assertThat(s.answers())
                .containsExactly(new Answer.Begun(
                        xid(TERM, BlockId.SIZE), Duration.ofSeconds(30).toNanos()));
        // Somebody guesses the next one: it is opened once, so the leader takes the one after it.
        s.enlist(xid(TERM, BlockId.SIZE + 1), A1).request(2, new Request.Begin(Optional.empty(), 0));
        assertThat(s.text()).contains("Begun x5.1026");
        s.noticed(P1, new Notice.BlockWanted());
        assertThat(s.commands())
                .containsExactly(new Command.Lease(
                        new BlockId(TERM, 2), Duration.ofMinutes(10).toNanos()));
        s.mustEqual();
    }

    /** Memory is bounded: a full shard refuses to begin and says so; an enlistment that would open is refused for good. */
    @Test
    void fullShardRefuses() {
        ShardSettings d = ShardSettings.DEFAULTS;
        ShardScenario s = ShardScenario.ready(new ShardSettings(
                d.timeoutNanos(),
                d.timeoutCapNanos(),
                d.prepareTimeoutNanos(),
                d.applyWaitNanos(),
                d.sessionLeaseNanos(),
                d.leaseNanos(),
                d.retryNanos(),
                d.abortPatienceNanos(),
                d.outcomeMemoryBytes(),
                d.outcomeRetentionNanos(),
                d.forgetEveryNanos(),
                1));
        s.begin(1, X).begin(2, xid(TERM, 8)).request(3, new Request.Begin(Optional.empty(), 0));
        s.enlist(xid(TERM, 9), A1).rollback(4, X).begin(5, xid(TERM, 8)).begin(6, xid(TERM, 9));
        s.mustEqual();
    }

    /** An instance that leases without end is broken, and must not fill the leader's memory. */
    @Test
    void leasesOfAnInstanceAreBounded() {
        ShardScenario s = ShardScenario.ready();
        for (int n = 1; n < 64; n++) {
            s.noticed(I1, new Notice.BlockWanted());
        }
        assertThat(s.noticed(I1, new Notice.BlockWanted()).last()).isEqualTo(List.of());
    }
}
