package dev.assent.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The simulator itself: it reaches what it should, and looking at a run or cutting it changes nothing else in it. */
class SimulationTest {
    private static final int TRANSACTIONS = 50;

    @Test
    void fixedSeedsHoldAndReachEverything() throws Exception {
        BlockResult result = new SeedBlock(1, 4_000, TRANSACTIONS, 3).run(2, done -> {});
        assertThat(result.failures()).extracting(SimulationTest::told).isEmpty();
        assertThat(result.neverHit()).as("situations that never came up").isEmpty();
        assertThat(result.untriedPoints())
                .as("fault points at which no process ever stopped")
                .isEmpty();
        assertThat(Set.of(FaultKind.values()))
                .as("faults that never struck")
                .isEqualTo(result.faults().keySet());
    }

    @Test
    void freshSeedsHold() throws Exception {
        long first = System.nanoTime();
        System.out.println("fresh seeds from " + first);
        BlockResult result = new SeedBlock(first, 1_000, TRANSACTIONS, 3).run(2, done -> {});
        assertThat(result.failures()).extracting(SimulationTest::told).isEmpty();
    }

    private static String told(RunResult failing) {
        return "seed " + failing.plan().seed() + ": "
                + failing.violation().orElseThrow().what();
    }

    // Without it: a failure cannot be looked at, because looking changes it.
    @Test
    void watchingChangesNothing() {
        Plan plan = Plan.of(16, TRANSACTIONS);
        long hash = Simulation.run(plan).hash();
        assertThat(Simulation.run(plan, Simulation.Watch.TIMELINE).hash()).isEqualTo(hash);
        assertThat(Simulation.run(plan, Simulation.Watch.COVERAGE).hash()).isEqualTo(hash);
    }

    // Without it: a failing world cannot be made small, because each cut draws another world.
    @Test
    void transactionThatIsLeftOutChangesNobodyElsesScript() {
        World all = new World(Plan.of(5, TRANSACTIONS), false, false);
        World some = new World(Plan.of(5, TRANSACTIONS).without(Set.of(0, 1)), false, false);
        assertThat(some.transactions.get(9).plan).isEqualTo(all.transactions.get(9).plan);
        assertThat(some.parameters).isEqualTo(all.parameters);
    }
}
