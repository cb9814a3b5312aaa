package dev.assent.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often which state of which machine met which input.
 *
 * @param counts of the pairs that came up
 */
public record Visited(Map<Machine, Map<Pair, Long>> counts) {
    /** Nothing came up. */
    public static final Visited NONE = new Visited(Map.of());

    public Visited {
        Map<Machine, Map<Pair, Long>> copy = new EnumMap<>(Machine.class);
        for (Machine machine : Machine.values()) {
            copy.put(machine, Map.copyOf(counts.getOrDefault(machine, Map.of())));
        }
        counts = Map.copyOf(copy);
    }

    /** Those of one machine. */
    public Map<Pair, Long> of(Machine machine) {
        return counts.getOrDefault(machine, Map.of());
    }

    /** Both together. */
    public Visited and(Visited other) {
        Map<Machine, Map<Pair, Long>> sums = new EnumMap<>(Machine.class);
        for (Machine machine : Machine.values()) {
            Map<Pair, Long> sum = new HashMap<>(of(machine));
            other.of(machine).forEach((pair, n) -> sum.merge(pair, n, Long::sum));
            sums.put(machine, sum);
        }
        return new Visited(sums);
    }

    /** Those that did not come up, and for no known reason: what was to hold in them was not tried. */
    public List<Pair> never(Machine machine) {
        List<Pair> never = new ArrayList<>(machine.pairs());
        never.removeAll(of(machine).keySet());
        never.removeAll(machine.impossible().keySet());
        return never;
    }

    /** Those that came up though they cannot: a reason is wrong, or a core is. */
    public List<Pair> contradicted(Machine machine) {
        return machine.impossible().keySet().stream()
                .filter(of(machine)::containsKey)
                .toList();
    }

    /** Whether anything came up that cannot. */
    public boolean isContradicted() {
        return Arrays.stream(Machine.values())
                .anyMatch(machine -> !contradicted(machine).isEmpty());
    }
}
