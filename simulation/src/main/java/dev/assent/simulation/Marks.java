package dev.assent.simulation;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Situations that must come up: a simulator that never brings them about proves nothing about them. A block of seeds hits
 * all, or it is red.
 */
public final class Marks {
    private final Set<Mark> hit = EnumSet.noneOf(Mark.class);

    void sometimes(Mark mark) {
        hit.add(mark);
    }

    /** Those that came up. */
    public Set<Mark> hit() {
        return hit;
    }

    /** In how many worlds each came up. */
    public static Map<Mark, Long> none() {
        Map<Mark, Long> none = new EnumMap<>(Mark.class);
        for (Mark mark : Mark.values()) {
            none.put(mark, 0L);
        }
        return none;
    }
}
