package dev.assent.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pairs of a state and an input that cannot come up, and why. */
final class ImpossiblePairs {
    private static final Map<Machine, Map<String, String>> REASONS = new EnumMap<>(Machine.class);

    private ImpossiblePairs() {}

    static Map<String, String> of(Machine machine) {
        return REASONS.getOrDefault(machine, Map.of());
    }

    private static void never(Machine machine, List<String> states, List<String> inputs, String reason) {
        Map<String, String> reasons = REASONS.computeIfAbsent(machine, unused -> new TreeMap<>());
        for (String state : states) {
            for (String input : inputs) {
                reasons.put(Machine.pair(state, input), reason);
            }
        }
    }
}
