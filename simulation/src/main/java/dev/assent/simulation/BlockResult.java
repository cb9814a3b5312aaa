package dev.assent.simulation;

import dev.assent.protocol.fault.FaultPoint;
import java.util.List;
import java.util.Map;

/**
 * What came of a block of seeds.
 *
 * @param begun transactions that got a number
 * @param faults how often each kind struck
 * @param points what came of each fault point
 * @param marks in how many worlds each situation came up
 * @param visited which state met which input
 * @param failures worlds in which something did not hold
 */
public record BlockResult(
        long seeds,
        long begun,
        long events,
        long virtualNanos,
        double seconds,
        Map<FaultKind, Long> faults,
        Map<FaultPoint, PointCount> points,
        Map<Mark, Long> marks,
        Visited visited,
        List<RunResult> failures) {
    /** Situations that never came up: what was to hold in them was not tried. */
    public List<Mark> neverHit() {
        return marks.entrySet().stream()
                .filter(mark -> mark.getValue() == 0)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Fault points that no step came to, or at which no process stopped. */
    public List<FaultPoint> untriedPoints() {
        return points.entrySet().stream()
                .filter(point -> !point.getValue().isTried())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
