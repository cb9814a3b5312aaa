package dev.assent.it;

import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.fault.PlannedFaults;

/** A fault that is planned while the process runs, so that only the transaction under test meets it. Thread-safe. */
final class ArmedFault implements FaultSeam {
    private final Stop stop = new Stop();
    private volatile FaultSeam planned = FaultSeam.NONE;

    /** Plans the one fault, in the form of {@link PlannedFaults}. */
    void arm(String fault) {
        planned = PlannedFaults.parse(fault);
    }

    void disarm() {
        planned = FaultSeam.NONE;
    }

    /** Where threads can be made to stand still; what is planned happens after that. */
    Stop stop() {
        return stop;
    }

    @Override
    public Fate at(FaultPoint point, FaultPlace place) {
        var unused = stop.at(point, place);
        return planned.at(point, place);
    }
}
