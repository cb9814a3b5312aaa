package dev.assent.coordinator.fault;

import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultAction;
import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPlan;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.fault.FaultRule;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Faults by a rule, for child processes of tests and of the demo; a node accepts them in development mode only. The
 * shard's thread, or the log's, stands at the point: a delay holds all of it up, a throw stops it for good.
 * Thread-safe.
 */
public final class PlannedFaults implements FaultSeam {
    /** The system property that holds the rule, such as {@code decision.applied:halt:nth=3}. */
    public static final String PROPERTY = "assent.fault";

    private static final Set<FaultAction> IMPOSSIBLE = EnumSet.of(FaultAction.DROP, FaultAction.DUPLICATE);

    private final FaultRule rule;
    private final FaultPlan plan;

    /** Since a first strike that lasts: until when the disk goes on to refuse. */
    private @Nullable Long refusesUntilNanos;

    private PlannedFaults(FaultRule rule) {
        this.rule = rule;
        this.plan = new FaultPlan(List.of(rule));
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
        if (IMPOSSIBLE.contains(rule.action())) {
            throw new IllegalArgumentException("a coordinator can halt, kill, throw, delay, and on the disk fail and be"
                    + " full, not " + rule.action().label());
        }
        refuseWhatNeverFits(rule);
        return new PlannedFaults(rule);
    }

    private static void refuseWhatNeverFits(FaultRule rule) {
        if (rule.resource().isPresent() || rule.instance().isPresent()) {
            throw new IllegalArgumentException("a coordinator's step is of no resource and no instance");
        }
        if (rule.point().isOfTransaction()) {
            return;
        }
        if (rule.xid().isPresent()) {
            throw new IllegalArgumentException(rule.point() + " is a step of no single transaction: xid= cannot fit");
        }
        if (rule.shard().isPresent() && !rule.point().isOnDisk()) {
            throw new IllegalArgumentException("of " + rule.point() + " the shard is not known: shard= cannot fit");
        }
    }

    @Override
    public void onDisk(FaultPoint point, int shard) throws IOException {
        if (!strikesOnDisk(point, shard)) {
            return;
        }
        switch (rule.action()) {
            case FAIL -> throw new IOException("Input/output error (injected at " + point + ")");
            case FULL -> throw new IOException("No space left on device (injected at " + point + ")");
            default -> strike(point);
        }
    }

    private synchronized boolean strikesOnDisk(FaultPoint point, int shard) {
        if (refusesUntilNanos != null) {
            boolean isAbout = point == rule.point() && rule.shard().orElse(shard) == shard;
            return isAbout && ProcessDeath.isBefore(refusesUntilNanos);
        }
        boolean strikes = plan.visit(point, FaultPlace.ofShard(shard)).isPresent() && ProcessDeath.isOurs(rule);
        if (strikes && rule.action().isOfDisk() && rule.millis() > 0) {
            refusesUntilNanos = ProcessDeath.after(rule.millis());
        }
        return strikes;
    }

    @Override
    public void hit(FaultPoint point, @Nullable Xid xid) {
        if (strikes(point, xid == null ? FaultPlace.UNKNOWN : FaultPlace.of(xid))) {
            strike(point);
        }
    }

    private synchronized boolean strikes(FaultPoint point, FaultPlace place) {
        return plan.visit(point, place).isPresent() && ProcessDeath.isOurs(rule);
    }

    private void strike(FaultPoint point) {
        switch (rule.action()) {
            case HALT -> ProcessDeath.halt();
            case KILL -> ProcessDeath.kill();
            case DELAY -> ProcessDeath.pause(rule.millis());
            case THROW -> throw new SimulatedCrash(point);
            case DROP, DUPLICATE -> throw new AssertionError("refused when it was read: " + rule);
            case FAIL, FULL -> throw new AssertionError("no step of a disk: " + rule);
        }
    }
}
