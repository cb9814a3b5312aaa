package dev.assent.protocol.branch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Law: whatever is dropped, repeated, reordered or cut short by a crash, every branch of a decided transaction commits,
 * no other does, nobody votes twice, and nothing is left over.
 */
class BranchLawTest {
    private static final int HISTORIES = Integer.getInteger("law.histories", 2_000);

    @Test
    void anyEffectMayHappenTwiceOrNever() {
        int committed = 0;
        for (long seed = 0; seed < HISTORIES; seed++) {
            ModelWorld world = new ModelWorld(seed);
            try {
                world.run(400);
                world.check();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + world.history(), e);
            }
            committed += world.committedCount();
        }
        // Nothing is proved by histories in which nothing commits.
        assertThat(committed).isGreaterThan(HISTORIES);
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        for (long seed = 0; seed < 20; seed++) {
            ModelWorld first = new ModelWorld(seed);
            ModelWorld second = new ModelWorld(seed);
            first.run(300);
            second.run(300);
            assertThat(first.history()).isEqualTo(second.history());
        }
    }
}
