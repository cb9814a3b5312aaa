package dev.assent.simulation.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A world that does not hold is made small: nobody reads a timeline of fifty transactions. Not every world can be: where a
 * crash that one transaction drew meets another one between two steps, whoever is left out moves these steps by microseconds
 * (they share entries of the log and a disk), and the two miss each other.
 */
class SmallWorldTest {
    private static final int WORLDS = 7;

    @Test
    void failureOfFiftyTransactionsMostlyBecomesAFewLines() {
        PlantedBug bug = PlantedBugs.all().stream()
                .filter(it -> it.name().equals("error-counted-as-ack"))
                .findFirst()
                .orElseThrow();
        List<Integer> transactions = new ArrayList<>();
        List<Integer> faults = new ArrayList<>();
        long seed = 0;
        for (int i = 0; i < WORLDS; i++) {
            String found =
                    PlantedBugs.search(bug, "from " + (seed + 1) + " for 60 s").found();
            assertThat(found)
                    .as("worlds that do not hold, from seed %s on", seed + 1)
                    .isNotEmpty();
            seed = Long.parseLong(found.split(" ", -1)[1]);
            String[] left = PlantedBugs.search(bug, "small " + seed).found().split(" ", -1);
            transactions.add(Integer.parseInt(left[0]));
            faults.add(Integer.parseInt(left[1]));
        }
        assertThat(median(transactions))
                .as("transactions left: %s", transactions)
                .isBetween(1, 3);
        assertThat(median(faults)).as("faults left: %s", faults).isBetween(1, 4);
    }

    private static int median(List<Integer> of) {
        return of.stream().sorted().toList().get(of.size() / 2);
    }
}
