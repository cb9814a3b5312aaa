package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Laws of the coordinator under generated histories: three cores over one log, deposed leaders that do not know it,
 * appends that vanish or land in a later term, participants that crash, messages that are lost, doubled and late.
 */
class CompetingNodesTest {
    private static final int HISTORIES = Integer.getInteger("histories", 2_000);
    private static final int STEPS = 2_000;

    @Test
    void noHistoryBreaksAPromise() {
        TreeSet<String> marks = runAll(false);
        assertThat(marks)
                .as("histories that reach nothing prove nothing")
                .contains(
                        "void decision",
                        "void LeaderStarted",
                        "two ready leaders",
                        "deposed and does not know it",
                        "told Committed",
                        "told Aborted");
    }

    /** A hand that decides a prepared branch spoils its own transaction and no other, and it is found. */
    @Test
    void handsSpoilTheirOwnTransactionsOnly() {
        assertThat(runAll(true))
                .contains("touched by hand", "heuristic COMMITTED", "heuristic ROLLED_BACK", "told Mixed");
    }

    @Test
    void sameSeedGivesTheSameHistory() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(trace(seed, true)).isEqualTo(trace(seed, true));
        }
    }

    /** L1: any replica, restarted at any index and through an image at any index, ends up with the same image. */
    @Test
    void replicasAreEqualAtEveryIndex() {
        for (long seed = 0; seed < 200; seed++) {
            List<ModelLog.Entry> entries = run(seed, true).log().committed();
            ReplicatedState straight = new ReplicatedState();
            ReplicatedState restored = new ReplicatedState();
            for (ModelLog.Entry entry : entries) {
                boolean stood = straight.apply(entry.term(), entry.record());
                StateImage image = restored.image();
                restored = ReplicatedState.of(image);
                assertThat(restored.image()).isEqualTo(image);
                assertThat(restored.apply(entry.term(), entry.record())).isEqualTo(stood);
                assertThat(restored.image()).isEqualTo(straight.image());
            }
        }
    }

    private static TreeSet<String> runAll(boolean hasHands) {
        TreeSet<String> marks = new TreeSet<>();
        long first = Long.getLong("seed", 0);
        for (long seed = first; seed < first + HISTORIES; seed++) {
            marks.addAll(run(seed, hasHands).judge().marks());
        }
        return marks;
    }

    private static CompetingNodes run(long seed, boolean hasHands) {
        CompetingNodes world = new CompetingNodes(seed, hasHands, false);
        try {
            world.run(STEPS);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (-Dseed=" + seed + " -Dhistories=1): " + e.getMessage() + "\n"
                            + trace(seed, hasHands),
                    e);
        }
        return world;
    }

    /** Runs it once more, writing everything down. */
    private static String trace(long seed, boolean hasHands) {
        CompetingNodes world = new CompetingNodes(seed, hasHands, true);
        try {
            world.run(STEPS);
            return world.trace();
        } catch (AssertionError | RuntimeException e) {
            return world.trace() + e.getMessage();
        }
    }
}
