package dev.assent.samples.demo;

import dev.assent.protocol.Xid;
import dev.assent.samples.shop.Shop.Purchase;
import java.util.Optional;

/**
 * What the buyer was told about a purchase.
 *
 * @param xid the transaction, where it is known
 * @param why for ABORTED and UNKNOWN: the first cause, for people
 * @param nanos how long the purchase took
 */
public record Told(Purchase purchase, Verdict verdict, Optional<Xid> xid, String why, long nanos) {
    public enum Verdict {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    Told settled(Verdict later) {
        return new Told(purchase, later, xid, why, nanos);
    }
}
