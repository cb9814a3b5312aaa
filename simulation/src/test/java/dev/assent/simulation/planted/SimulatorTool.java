package dev.assent.simulation.planted;

import dev.assent.simulation.Plan;
import dev.assent.simulation.RunResult;
import dev.assent.simulation.Shrinker;
import dev.assent.simulation.Simulation;
import java.util.function.UnaryOperator;

/**
 * Runs seeds with whatever cores its class loader has. Told {@code seed S}, it runs that one; told {@code from S for N s},
 * seeds from S on, until one does not hold or the time is over; told {@code small S}, it makes the world of that seed small
 * and says how many transactions and faults are left of it.
 */
public final class SimulatorTool implements UnaryOperator<String> {
    private static final int TRANSACTIONS = 50;

    @Override
    public String apply(String with) {
        String[] words = with.split(" ", -1);
        if (words[0].equals("seed") && words.length == 2) {
            return run(Long.parseLong(words[1]));
        } else if (words[0].equals("from") && words.length == 5) {
            return search(Long.parseLong(words[1]), Long.parseLong(words[3]));
        } else if (words[0].equals("small") && words.length == 2) {
            RunResult small = Shrinker.shrink(Simulation.run(Plan.of(Long.parseLong(words[1]), TRANSACTIONS)), 20);
            return small.begun() + " " + small.struck().size();
        }
        throw new IllegalArgumentException("'seed S', 'from S for N s' or 'small S', not '" + with + "'");
    }

    private static String search(long first, long seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        long seed = first;
        while (System.nanoTime() < end) {
            String found = run(seed++);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    private static String run(long seed) {
        RunResult result = Simulation.run(Plan.of(seed, TRANSACTIONS));
        return result.violation()
                .map(breach ->
                        "seed " + seed + " " + breach.what().lines().findFirst().orElse(""))
                .orElse("");
    }
}
