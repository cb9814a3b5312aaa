package dev.assent.coordinator.fault;

import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import org.jspecify.annotations.Nullable;

/** Called by the shard's thread at each {@link FaultPoint}; tests and the demo install one that breaks something. */
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

    /** Ends the shard's thread without a word: no goodbye to the log, to instances or to waiting callers. */
    final class SimulatedCrash extends RuntimeException {
        private static final long serialVersionUID = 1;

        public SimulatedCrash(FaultPoint point) {
            super("simulated crash at " + point.label());
        }
    }
}
