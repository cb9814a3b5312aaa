package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorInput;

/** Through it an application ends the transaction that it began. */
interface Door {
    /** Something of the transaction is about to leave. */
    void touched(Xid xid);

    /** It is to be committed or rolled back. */
    void ask(InitiatorInput wish);
}
