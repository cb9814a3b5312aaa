package dev.assent.simulation;

import dev.assent.protocol.fault.FaultPoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What came of one plan.
 *
 * @param violation what did not hold, if anything
 * @param begun transactions that got a number
 * @param hash of all that happened; equal in every run of the same plan
 * @param virtualNanos how long it took there
 * @param points what came of each fault point
 * @param rules how many rules the seed has drawn
 * @param visited which state met which input, if it was watched
 * @param struck the faults, by the bits that drew them
 * @param timeline one line an event, if it was wanted
 */
public record RunResult(
        Plan plan,
        Optional<Breach> violation,
        int begun,
        long hash,
        long events,
        long virtualNanos,
        Map<FaultKind, Long> faults,
        Map<FaultPoint, PointCount> points,
        int rules,
        Set<Mark> marks,
        Visited visited,
        List<Long> struck,
        List<String> timeline) {
    /**
     * What did not hold.
     *
     * @param law its name
     * @param isLiveness whether something should have happened and did not
     * @param what for people
     */
    public record Breach(String law, boolean isLiveness, String what) {}

    /** Whether everything held. */
    public boolean isHeld() {
        return violation.isEmpty();
    }
}
