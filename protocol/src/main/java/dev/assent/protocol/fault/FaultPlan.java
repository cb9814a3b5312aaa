package dev.assent.protocol.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules, and how often each was met: says at every visit of a point whether something goes wrong there. The same visits
 * give the same answers in every run. Not thread-safe.
 */
public final class FaultPlan {
    private static final class Met {
        final FaultRule rule;
        long visits;

        Met(FaultRule rule) {
            this.rule = rule;
        }
    }

    private final List<Met> rules = new ArrayList<>();

    public FaultPlan(List<FaultRule> rules) {
        rules.forEach(rule -> this.rules.add(new Met(rule)));
    }

    /**
     * A point is visited.
     *
     * @return the first rule that strikes here, if one does
     */
    public Optional<FaultRule> visit(FaultPoint point, FaultPlace place) {
        Optional<FaultRule> strikes = Optional.empty();
        for (Met met : rules) {
            if (met.rule.fits(point, place)) {
                met.visits++;
                boolean isTime = met.rule.nth() == 0 || met.rule.nth() == met.visits;
                if (isTime && strikes.isEmpty() && draw(met) < met.rule.chance()) {
                    strikes = Optional.of(met.rule);
                }
            }
        }
        return strikes;
    }

    /** From 0 to 1, exclusively; of the seed and the number of the visit alone (the mixing step of SplitMix64). */
    private static double draw(Met met) {
        long mixed = met.rule.seed() * 0x9E3779B97F4A7C15L + met.visits * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        mixed ^= mixed >>> 31;
        return (mixed >>> 11) * 0x1.0p-53;
    }
}
