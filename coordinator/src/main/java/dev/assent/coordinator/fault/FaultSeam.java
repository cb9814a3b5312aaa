package dev.assent.coordinator.fault;

import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Called at each {@link FaultPoint}, by the shard's thread and by those of its log; tests and the demo install one that
 * breaks something. Must be safe for use by several threads.
 */
@FunctionalInterface
public interface FaultSeam {
    /** Breaks nothing. */
    FaultSeam NONE = (point, xid) -> {};

    /**
     * The loop is at this point. Returning lets it go on.
     *
     * @param xid the transaction concerned; null at points that belong to none, and for replies
     * @throws SimulatedCrash to end the shard's thread on the spot, as the death of the process would
     */
    void hit(FaultPoint point, @Nullable Xid xid);

    /**
     * A thread of the shard's log is at a {@linkplain FaultPoint#isOnDisk step of the disk}. Returning lets it go on.
     *
     * @throws IOException for the disk to refuse the step
     * @throws SimulatedCrash to end that thread on the spot; the log dies with it
     */
    default void onDisk(FaultPoint point, int shard) throws IOException {
        hit(point, null);
    }

    /** Ends the shard's thread without a word: no goodbye to the log, to instances or to waiting callers. */
    final class SimulatedCrash extends RuntimeException {
        private static final long serialVersionUID = 1;

        public SimulatedCrash(FaultPoint point) {
            super("simulated crash at " + point.label());
        }
    }
}
