package dev.assent.sdk.internal.initiator;

import dev.assent.protocol.Xid;

/**
 * The xid of a transaction that began here. Until somebody sees it, it may be replaced: numbers go stale with the leader
 * that leased them, and a transaction that has done nothing loses nothing by that. Safe for use by several threads.
 */
public final class BegunXid {
    private final InitiatorShell shell;
    // Guarded by this.
    private Xid xid;
    private boolean fixed;

    BegunXid(Xid xid, InitiatorShell shell) {
        this.xid = xid;
        this.shell = shell;
    }

    /** The xid, which stays from now on. */
    public synchronized Xid fix() {
        if (!fixed) {
            fixed = true;
            shell.fixed(xid);
        }
        return xid;
    }

    /** Gives it another one; false if it was seen already. */
    synchronized boolean replace(Xid fresh) {
        if (!fixed) {
            xid = fresh;
        }
        return !fixed;
    }
}
