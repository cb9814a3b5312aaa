package dev.assent.sdk.internal.fault;

import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPoint;

/** Called at every {@link FaultPoint}, by whatever thread is there. Must be safe for use by several threads. */
@FunctionalInterface
public interface FaultSeam {
    /** Nothing ever fails. */
    FaultSeam NONE = (point, place) -> Fate.PROCEED;

    /**
     * May delay, end the process, or say what becomes of the step.
     *
     * @throws InjectedFaultException to make the step fail
     */
    Fate at(FaultPoint point, FaultPlace place);

    /** At a step of which nothing more is known. */
    default Fate at(FaultPoint point) {
        return at(point, FaultPlace.UNKNOWN);
    }

    /** What becomes of a step. Only steps that are messages can be dropped or doubled; others proceed. */
    enum Fate {
        PROCEED,
        DROP,
        DUPLICATE
    }
}
