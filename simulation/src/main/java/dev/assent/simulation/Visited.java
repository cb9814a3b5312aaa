package dev.assent.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which state of which machine met which input. What came up and what cannot come up make up all pairs, and have none in
 * common.
 *
 * @param pairs those that came up, as {@code STATE × Input}
 */
public record Visited(Map<Machine, Set<String>> pairs) {
    public Visited {
        Map<Machine, Set<String>> copy = new EnumMap<>(Machine.class);
        for (Machine machine : Machine.values()) {
            copy.put(machine, Set.copyOf(pairs.getOrDefault(machine, Set.of())));
        }
        pairs = Map.copyOf(copy);
    }

    /** How many pairs there are. */
    public static int count() {
        int count = 0;
        for (Machine machine : Machine.values()) {
            count += machine.pairs().size();
        }
        return count;
    }

    /** Those that came up. */
    public Set<String> of(Machine machine) {
        return pairs.getOrDefault(machine, Set.of());
    }

    /** How many came up. */
    public int size() {
        return pairs.values().stream().mapToInt(Set::size).sum();
    }

    /** Those that cannot come up, with the reason of each. */
    public static Map<String, String> impossible(Machine machine) {
        return new TreeMap<>(ImpossiblePairs.of(machine));
    }

    /** Those that did not come up, and for no known reason: what was to hold in them was not tried. */
    public Set<String> never(Machine machine) {
        Set<String> never = machine.pairs();
        never.removeAll(of(machine));
        never.removeAll(ImpossiblePairs.of(machine).keySet());
        return never;
    }

    /** Those that came up though they cannot: a reason is wrong, or a core is. */
    public Set<String> contradicted(Machine machine) {
        Set<String> contradicted = new TreeSet<>(of(machine));
        contradicted.retainAll(ImpossiblePairs.of(machine).keySet());
        return contradicted;
    }

    /** Whether every pair came up or cannot, and none did both. */
    public boolean isComplete() {
        for (Machine machine : Machine.values()) {
            if (!never(machine).isEmpty() || !contradicted(machine).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
