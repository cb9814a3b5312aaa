package dev.assent.simulation.planted;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A world that does not hold is made small: nobody reads a timeline of fifty transactions. */
class SmallWorldTest {
    @Test
    void failureOfFiftyTransactionsBecomesAFewLines() {
        PlantedBug bug = PlantedBugs.all().stream()
                .filter(it -> it.name().equals("error-counted-as-ack"))
                .findFirst()
                .orElseThrow();
        String seed = bug.with().substring("seed ".length());
        String[] left = PlantedBugs.search(bug, "small " + seed).found().split(" ", -1);
        assertThat(Integer.parseInt(left[0])).as("transactions left").isBetween(1, 3);
        assertThat(Integer.parseInt(left[1])).as("faults left").isBetween(1, 4);
    }
}
