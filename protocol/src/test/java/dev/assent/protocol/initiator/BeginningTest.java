package dev.assent.protocol.initiator;

import static dev.assent.protocol.initiator.InitiatorScenario.LEASE_NANOS;
import static dev.assent.protocol.initiator.InitiatorScenario.NOT_LEADER;
import static dev.assent.protocol.initiator.InitiatorScenario.TERM;
import static dev.assent.protocol.initiator.InitiatorScenario.xid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorEffect.Begun;
import dev.assent.protocol.initiator.InitiatorInput.BeginWanted;
import dev.assent.protocol.initiator.InitiatorInput.LeaderReady;
import dev.assent.protocol.initiator.InitiatorInput.Leased;
import dev.assent.protocol.initiator.InitiatorInput.Touched;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Numbers, and transactions under which nothing was done yet: §2. */
class BeginningTest {
    private final InitiatorScenario scenario = new InitiatorScenario();

    // Without it: every begin asks the leader and waits for it.
    @Test
    void transactionBeginsAtOnceFromALeasedBlock() {
        scenario.begun().begins(2).begins(3).holds("transactionBeginsAtOnceFromALeasedBlock");
    }

    // Without it: one shard's leader drives everything that this process begins.
    @Test
    void numbersComeFromTheShardsInTurn() {
        scenario.in(new LeaderReady(0, TERM))
                .in(new LeaderReady(1, 9))
                .begins(1)
                .leased(0, TERM, 0)
                .leased(1, 9, 0)
                .begins(2)
                .begins(3)
                .begins(4)
                .holds("numbersComeFromTheShardsInTurn");
    }

    // Without it: two transactions get one xid, and one of them is told what the other did.
    @Test
    void numberIsGivenOutOnceWhateverIsRepeated() {
        InitiatorCore core = scenario.begun().core();
        TreeSet<Xid> given = new TreeSet<>();
        given.add(xid(0));
        for (int token = 2; token < 2_500; token++) {
            core.on(new Leased(0, new Command.Lease(new BlockId(TERM, token / 1_000), LEASE_NANOS)), 0);
            for (InitiatorEffect effect : core.on(new BeginWanted(token, LEASE_NANOS, LEASE_NANOS), 0)) {
                if (effect instanceof Begun begun) {
                    assertThat(given.add(begun.xid())).as("%s", begun).isTrue();
                }
            }
        }
        assertThat(given).hasSizeGreaterThan(2_000);
    }

    // Without it: a burst of begins waits for a block, or a lost request for one is never repeated.
    @Test
    void blockIsAskedForBeforeTheLastOneIsUsedUp() {
        InitiatorCore core = scenario.begun().core();
        long asked = 0;
        for (int token = 2; token <= BlockId.SIZE; token++) {
            asked += core.on(new BeginWanted(token, LEASE_NANOS, LEASE_NANOS), 0).stream()
                    .filter(InitiatorEffect.Tell.class::isInstance)
                    .count();
        }
        assertThat(asked).isEqualTo(1);
        scenario.begins(5_000).until(1_500).leased(0, TERM, 1);
        assertThat(scenario.last()).containsExactly(new Begun(5_000, xid(BlockId.SIZE)));
    }

    // Without it: a caller hangs when no coordinator is reachable.
    @Test
    void callerWithoutANumberWaitsAsLongAsItWants() {
        scenario.begins(1)
                .until(1_000)
                .in(new LeaderReady(0, TERM))
                .begins(2)
                .until(2_500)
                .leased(0, TERM, 0)
                .holds("callerWithoutANumberWaitsAsLongAsItWants");
    }

    // Without it: transactions go on under a term in which nothing can commit any more.
    @Test
    void unusedTransactionBeginsAnewUnderTheNextLeader() {
        scenario.begun()
                .begins(2)
                .in(new Touched(xid(1)))
                .in(new LeaderReady(0, TERM + 1))
                .leased(0, TERM, 1)
                .leased(0, TERM + 1, 0)
                .in(new LeaderReady(0, TERM))
                .in(new Touched(xid(0)))
                .in(new LeaderReady(0, TERM + 2))
                .leased(0, TERM + 2, 0)
                .holds("unusedTransactionBeginsAnewUnderTheNextLeader");
    }

    // Without it: numbers that the leader's clock has ended are still given out; or what was begun from them dies.
    @Test
    void blockGoesBackAfterWhatWasBegunFromItIsOpened() {
        scenario.begun()
                .begins(2)
                .in(new Touched(xid(1)))
                .until(479_000)
                .begins(3)
                .until(480_100)
                .answered(1, new Answer.Begun(xid(2), 30_000_000_000L))
                .until(541_000)
                .begins(4)
                .holds("blockGoesBackAfterWhatWasBegunFromItIsOpened");
    }

    // Without it: the application's first statement fails for a reason that it cannot understand.
    @Test
    void staleBeginIsReplacedAsLongAsNothingWasDone() {
        scenario.begun()
                .until(479_000)
                .begins(2)
                .begins(3)
                .until(480_100)
                .answered(1, NOT_LEADER)
                .in(new Touched(xid(2)))
                .answered(2, stale())
                .answered(1, stale())
                .leased(0, TERM, 1)
                .holds("staleBeginIsReplacedAsLongAsNothingWasDone");
    }

    // Without it: every process that only takes part holds a block of every shard.
    @Test
    void processThatBeginsNothingLeasesNothing() {
        scenario.in(new LeaderReady(0, TERM)).until(100_000).holds("processThatBeginsNothingLeasesNothing");
    }

    // Without it: an idle process leases blocks for ever.
    @Test
    void unusedBlockIsNotReplaced() {
        scenario.in(new LeaderReady(0, TERM))
                .begins(1)
                .until(2_100)
                .leased(0, TERM, 0)
                .until(2_000_000)
                .holds("unusedBlockIsNotReplaced");
    }

    // Without it: transactions that an application forgot fill the memory.
    @Test
    void transactionThatNobodyEndsIsDroppedAfterItsTimeout() {
        scenario.worked().until(100_000);
        assertThat(scenario.core().openCount()).isZero();
    }

    private static Answer stale() {
        return new Answer.Refused(Answer.Reason.STALE_BEGIN, 0, "over");
    }
}
