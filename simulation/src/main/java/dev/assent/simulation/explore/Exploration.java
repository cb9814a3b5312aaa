package dev.assent.simulation.explore;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a walk found.
 *
 * @param states different ones
 * @param transitions actions that changed something
 * @param depth of the state farthest from the first one
 * @param isExhausted whether every state within the bounds was seen
 * @param enabled how often each action could be done and changed something
 * @param violation what did not hold, in the state nearest to the first one; or empty
 * @param isSafety whether the violation is one of safety, not of liveness
 * @param trace the way there, a line for each action; empty if everything held
 * @param nodeStates different states of nodes
 * @param instanceStates different states of participants
 * @param coreSteps how often a real core was asked
 */
record Exploration(
        Bounds bounds,
        long states,
        long transitions,
        int depth,
        double seconds,
        boolean isExhausted,
        Map<ActionKind, Long> enabled,
        String violation,
        boolean isSafety,
        List<String> trace,
        int nodeStates,
        int instanceStates,
        int coreSteps) {
    Exploration {
        enabled = new EnumMap<>(enabled);
        trace = List.copyOf(trace);
    }

    /** Possible actions that could never be done: then nothing was learnt about them. */
    List<ActionKind> neverEnabled() {
        return enabled.entrySet().stream()
                .filter(entry -> entry.getValue() == 0 && entry.getKey().isPossible(bounds))
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean holds() {
        return violation.isEmpty();
    }
}
