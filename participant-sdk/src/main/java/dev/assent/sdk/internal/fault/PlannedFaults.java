package dev.assent.sdk.internal.fault;

import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPlan;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.fault.FaultRule;
import java.util.List;
import java.util.Optional;

/**
 * Faults by a rule, for processes that a test or the demo starts, such as {@code prepare.durable:halt:nth=3}: ends the
 * process without any clean-up the third time that a branch is durably prepared. Thread-safe.
 */
public final class PlannedFaults implements FaultSeam {
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
        if (rule.point().side() == FaultPoint.Side.COORDINATOR) {
            throw new IllegalArgumentException(rule.point() + " is a step of the coordinator");
        }
        return new PlannedFaults(new FaultPlan(List.of(rule)));
    }

    @Override
    public Fate at(FaultPoint point, FaultPlace place) {
        Optional<FaultRule> struck = visit(point, place).filter(ProcessDeath::isOurs);
        return struck.isEmpty() ? Fate.PROCEED : strike(struck.get());
    }

    private synchronized Optional<FaultRule> visit(FaultPoint point, FaultPlace place) {
        return plan.visit(point, place);
    }

    private static Fate strike(FaultRule rule) {
        switch (rule.action()) {
            case HALT -> ProcessDeath.halt();
            case KILL -> ProcessDeath.kill();
            case THROW -> throw new InjectedFaultException(rule.point());
            case DELAY -> ProcessDeath.pause(rule.millis());
            case DROP -> {
                return Fate.DROP;
            }
            case DUPLICATE -> {
                return Fate.DUPLICATE;
            }
            case FAIL, FULL -> throw new AssertionError("no step of a participant is its disk's: " + rule);
        }
        return Fate.PROCEED;
    }
}
