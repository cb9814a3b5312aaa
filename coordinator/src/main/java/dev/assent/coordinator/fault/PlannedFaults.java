package dev.assent.coordinator.fault;

import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultAction;
import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPlan;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.fault.FaultRule;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Faults by a rule, for child processes of tests and of the demo; a node accepts them in development mode only. The
 * shard's thread stands at the point: a delay holds the whole shard up, a throw stops it for good. Thread-safe.
 */
public final class PlannedFaults implements FaultSeam {
    /** The system property that holds the rule, such as {@code decision.applied:halt:nth=3}. */
    public static final String PROPERTY = "assent.fault";

    private static final Set<FaultAction> POSSIBLE =
            EnumSet.of(FaultAction.HALT, FaultAction.KILL, FaultAction.THROW, FaultAction.DELAY);

    private final FaultPlan plan;

    private PlannedFaults(FaultPlan plan) {
        this.plan = plan;
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static PlannedFaults parse(String text) {
        FaultRule rule = FaultRule.parse(text);
        if (rule.point().side() != FaultPoint.Side.COORDINATOR) {
            throw new IllegalArgumentException(rule.point() + " is no step of a coordinator");
        }
        if (!POSSIBLE.contains(rule.action())) {
            throw new IllegalArgumentException("a coordinator can halt, kill, throw and delay, not "
                    + rule.action().label());
        }
        return new PlannedFaults(new FaultPlan(List.of(rule)));
    }

    @Override
    public void hit(FaultPoint point, @Nullable Xid xid) {
        visit(point, xid == null ? FaultPlace.UNKNOWN : FaultPlace.of(xid))
                .filter(ProcessDeath::isOurs)
                .ifPresent(rule -> strike(rule, point));
    }

    private synchronized Optional<FaultRule> visit(FaultPoint point, FaultPlace place) {
        return plan.visit(point, place);
    }

    private static void strike(FaultRule rule, FaultPoint point) {
        switch (rule.action()) {
            case HALT -> ProcessDeath.halt();
            case KILL -> ProcessDeath.kill();
            case DELAY -> ProcessDeath.pause(rule.millis());
            case THROW -> throw new SimulatedCrash(point);
            case DROP, DUPLICATE, FAIL, FULL -> throw new AssertionError("refused when it was read: " + rule);
        }
    }
}
