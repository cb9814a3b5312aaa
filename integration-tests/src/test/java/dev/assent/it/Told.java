package dev.assent.it;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.sdk.CoordinatorUnavailableException;
import dev.assent.sdk.OutcomeUnknownException;
import dev.assent.sdk.TransactionAbortedException;
import java.util.Optional;

/**
 * What an initiator was told about the transaction that wrote an entry.
 *
 * @param id of the entry
 * @param xid unless nothing was begun
 * @param outcome empty if it was told that the outcome is not known
 * @param why for people
 */
record Told(String id, Optional<Xid> xid, Optional<Outcome> outcome, String why) {

    /** What a transaction does. */
    interface Work {
        void run() throws Exception;
    }

    /** Runs the work in a transaction and notes what is said about it, whatever that is. */
    static Told by(Assent initiator, String id, Work work) {
        try {
            Xid xid = initiator
                    .transact(tx -> {
                        work.run();
                        return id;
                    })
                    .xid();
            return new Told(id, Optional.of(xid), Optional.of(Outcome.COMMITTED), "committed");
        } catch (OutcomeUnknownException e) {
            return new Told(id, Optional.of(e.xid()), Optional.empty(), String.valueOf(e.getMessage()));
        } catch (TransactionAbortedException e) {
            return new Told(id, Optional.of(e.xid()), Optional.of(Outcome.ABORTED), String.valueOf(e.getMessage()));
        } catch (CoordinatorUnavailableException e) {
            return new Told(id, Optional.empty(), Optional.of(Outcome.ABORTED), String.valueOf(e.getMessage()));
        } catch (Exception e) {
            return new Told(id, xidOf(e), Optional.of(Outcome.ABORTED), e.toString());
        }
    }

    /** Whoever lost its work's exception is told about the abort beside it. */
    private static Optional<Xid> xidOf(Exception failure) {
        for (Throwable suppressed : failure.getSuppressed()) {
            if (suppressed instanceof TransactionAbortedException aborted) {
                return Optional.of(aborted.xid());
            }
        }
        return Optional.empty();
    }

    boolean isCommitted() {
        return outcome.equals(Optional.of(Outcome.COMMITTED));
    }

    Told settled(Outcome later) {
        return new Told(id, xid, Optional.of(later), why);
    }
}
