package dev.assent.simulation;

import dev.assent.protocol.fault.FaultPoint;
import dev.assent.simulation.Strike.Fate;
import org.jspecify.annotations.Nullable;

/**
 * The thread of a shard's loop at its fault points: its node may stop there, it may stand still, or meet an exception. Each of
 * its steps begins with at most one point, so that a step at which it stood still is taken again from the start.
 */
final class LoopThread {
    private final Node node;
    private final World world;
    private final Runnable breaksDown;
    private boolean isPassed;
    private long heldUntilNanos;

    /**
     * @param breaksDown what an exception does to the loop
     */
    LoopThread(Node node, Runnable breaksDown) {
        this.node = node;
        this.world = node.world;
        this.breaksDown = breaksDown;
    }

    /** Until when it stands still; in the past, if it does not. */
    long heldUntilNanos() {
        return heldUntilNanos;
    }

    /** Whether it stands still. */
    boolean isHeld() {
        return heldUntilNanos > world.nowNanos;
    }

    /**
     * Comes to a point, if there is one.
     *
     * @param step what comes after it
     */
    Fate at(@Nullable FaultPoint point, Object step) {
        if (isPassed || point == null) {
            isPassed = false;
            return Fate.GOES_ON;
        }
        Strike strike = world.points.at(node, point, TurnPoints.xidOf(step));
        if (strike.fate() == Fate.WAITS) {
            isPassed = true;
            heldUntilNanos = world.nowNanos + strike.nanos();
        } else if (strike.fate() == Fate.FAILS) {
            breaksDown.run();
        }
        return strike.fate();
    }

    /** Comes to a point, or, where none is, to the end of its node if fate wants that. */
    Fate atPointOrStep(@Nullable FaultPoint point, Object step) {
        if (point != null) {
            return at(point, step);
        }
        if (world.faults.strikes(FaultKind.NODE_CRASH_AT_STEP, node.luck)) {
            world.outside.crash(node.slot);
            return Fate.ENDED;
        }
        return Fate.GOES_ON;
    }
}
