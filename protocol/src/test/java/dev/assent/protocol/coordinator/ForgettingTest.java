package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Names.A1;
import static dev.assent.protocol.coordinator.Names.I1;
import static dev.assent.protocol.coordinator.Names.P1;
import static dev.assent.protocol.coordinator.Names.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.coordinator.LogRecord.CommitDecided;
import dev.assent.protocol.coordinator.LogRecord.Ended;
import dev.assent.protocol.coordinator.LogRecord.Forgotten;
import dev.assent.protocol.coordinator.LogRecord.LeaderStarted;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Notice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which outcomes are forgotten, and when: never one that somebody may still be about to settle. */
class ForgettingTest {
    private static final long TERM = ShardScenario.TERM;
    private static final long RETENTION_MILLIS = 60_000;

    private static ShardSettings settings() {
        ShardSettings d = ShardSettings.DEFAULTS;
        return new ShardSettings(
                d.timeoutNanos(),
                d.timeoutCapNanos(),
                d.prepareTimeoutNanos(),
                d.applyWaitNanos(),
                d.sessionLeaseNanos(),
                d.leaseNanos(),
                d.retryNanos(),
                d.abortPatienceNanos(),
                0,
                RETENTION_MILLIS * 1_000_000,
                d.forgetEveryNanos(),
                d.maxTransactions());
    }

    /** Two ended blocks of term 4, one listed transaction in a third, and a leader of term 5. */
    private static ShardScenario withHistory() {
        ShardScenario s = ShardScenario.born(settings()).sessions().entryTerm(TERM - 1);
        for (long block = 0; block < 3; block++) {
            s.applied(new CommitDecided(xid(TERM - 1, block * BlockId.SIZE), List.of(A1), 0));
            s.applied(new Ended(xid(TERM - 1, block * BlockId.SIZE)));
        }
        s.applied(new CommitDecided(xid(TERM - 1, 2 * BlockId.SIZE + 1), List.of(A1), 0));
        return s.wins(TERM).forgetLines();
    }

    /** Readiness counts as the end of everything earlier: an own clock knows no better. */
    @Test
    void oldBlocksAreForgottenAfterTheRetentionExceptWhereSomethingIsListed() {
        ShardScenario s = withHistory().afterHearing(50_000, P1, I1);
        assertThat(s.text()).doesNotContain("Forgotten");
        s.afterHearing(20_000, P1, I1);
        assertThat(s.text())
                .contains("Append Forgotten block4/0")
                .contains("Append Forgotten block4/1")
                .doesNotContain("block4/2");
        s.applied();
        assertThat(s.state().isForgotten(xid(TERM - 1, 5))).isTrue();
        assertThat(s.state().image().forgotten()).containsExactly(new StateImage.ForgottenRange(TERM - 1, 0, 1));
    }

    /** A number that may still be opened needs its block: EXPIRED would leave its branches to an operator. */
    @Test
    void blockInUseIsNotForgotten() {
        ShardScenario s =
                ShardScenario.ready(settings()).ended(xid(TERM, 7), A1).forgetLines();
        s.afterHearing(100_000, P1, I1);
        assertThat(s.text()).doesNotContain("Forgotten");
        s.noticed(I1, new Notice.BlockReturned(new BlockId(TERM, 0))).afterHearing(10_000, P1, I1);
        assertThat(s.text()).contains("Append Forgotten block5/0");
    }

    @Test
    void blockOfAnActiveTransactionIsNotForgotten() {
        ShardScenario s = ShardScenario.ready(settings()).ended(xid(TERM, 7), A1);
        s.noticed(P1, new Notice.Enlist(xid(TERM, 8), A1, 500_000_000_000L));
        s.noticed(I1, new Notice.BlockReturned(new BlockId(TERM, 0))).forgetLines();
        s.afterHearing(100_000, P1, I1);
        assertThat(s.text()).doesNotContain("Forgotten");
    }

    /** A deposed leader whose replica is ahead sees blocks of its successor, and knows nothing of what is open there. */
    @Test
    void deposedLeaderForgetsNothingOfALaterTerm() {
        ShardScenario s = ShardScenario.ready(settings()).entryTerm(TERM + 1);
        s.appliedUntold(new LeaderStarted(new NodeId("n2"), 9));
        s.appliedUntold(new CommitDecided(xid(TERM + 1, 1), List.of(A1), 0));
        s.appliedUntold(new Ended(xid(TERM + 1, 1)));
        s.forgetLines().afterHearing(100_000, P1, I1);
        assertThat(s.text()).doesNotContain("Forgotten");
    }

    /** A record that was written before something was decided there must not take the decision with it. */
    @Test
    void blockWithAListedTransactionCannotBeForgotten() {
        ShardScenario s = withHistory();
        s.applied(new Forgotten(new BlockId(TERM - 1, 2)));
        assertThat(s.state().isForgotten(xid(TERM - 1, 2 * BlockId.SIZE))).isFalse();
    }

    /** No bit, no block, no range: branches of such a number are told ABORT by presumption. */
    @Test
    void blockWithoutABitIsNeverForgotten() {
        ShardScenario s = withHistory();
        s.applied(new Forgotten(new BlockId(TERM - 1, 9)));
        assertThat(s.state().image().forgotten()).isEmpty();
        assertThat(s.stateOf(xid(TERM - 1, 9 * BlockId.SIZE))).isEqualTo("ABORTED");
    }
}
