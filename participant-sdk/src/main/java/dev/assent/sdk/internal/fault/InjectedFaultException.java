package dev.assent.sdk.internal.fault;

import dev.assent.protocol.fault.FaultPoint;

/** A step failed because a test wanted it to. */
public final class InjectedFaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InjectedFaultException(FaultPoint point) {
        super("injected fault at " + point);
    }
}
