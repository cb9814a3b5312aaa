package dev.assent.protocol.coordinator;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;

/** What a timer is for. */
sealed interface TimerKey {
    record OfTransaction(Xid xid) implements TimerKey {}

    record OfInstance(InstanceId instance) implements TimerKey {}

    record OfLeases() implements TimerKey {}

    /** Of one term: its successor sets its own. */
    record OfForgetting(long term) implements TimerKey {}
}
