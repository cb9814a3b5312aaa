package dev.assent.simulation.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What each step of an actor leads to, asked of the real core once for each state: steps are pure functions of states,
 * and worlds differ far more often than the actors in them. Not thread-safe.
 *
 * @param <S> a step
 * @param <V> what it leads to
 */
final class StepCache<S, V> {
    private final BiFunction<Integer, S, V> core;
    private final Map<S, Integer> numbers = new HashMap<>();
    private final List<S> steps = new ArrayList<>();
    private final Memo<V> outcomes = new Memo<>();

    /**
     * @param core does the step in the state of this number
     */
    StepCache(BiFunction<Integer, S, V> core) {
        this.core = core;
    }

    /** The number by which the step is called from then on. */
    int numberOf(S step) {
        @Nullable Integer known = numbers.get(step);
        if (known == null) {
            known = steps.size();
            steps.add(step);
            numbers.put(step, known);
        }
        return known;
    }

    V outcome(int state, int step) {
        @Nullable V known = outcomes.get(state, step);
        if (known == null) {
            known = core.apply(state, steps.get(step));
            outcomes.put(state, step, known);
        }
        return known;
    }

    /** How often the core was asked. */
    int size() {
        return outcomes.size();
    }
}
