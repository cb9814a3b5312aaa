package dev.assent.protocol.coordinator;

import java.util.List;
import java.util.SplittableRandom;

/** Chance with a seed: the same seed draws the same history. */
final class Draw {
    private final SplittableRandom random;

    Draw(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From 0 to below the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** Takes one out. */
    <T> T take(List<T> choices) {
        return choices.remove(below(choices.size()));
    }
}
