package dev.assent.it;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.sdk.CoordinatorUnavailableException;
import dev.assent.sdk.GlobalTransaction;
import dev.assent.sdk.OutcomeUnknownException;
import dev.assent.sdk.TransactionAbortedException;
import dev.assent.sdk.TransactionOptions;
import java.util.Optional;

/**
 * What an initiator was told about the transaction that wrote an entry.
 *
 * @param id of the entry
 * @param xid unless nothing was begun
 * @param outcome empty if it was told that the outcome is not known
 * @param isRetryable whether the same work as a new transaction may succeed
 * @param why for people
 */
record Told(String id, Optional<Xid> xid, Optional<Outcome> outcome, boolean isRetryable, String why) {

    /** What a transaction does. */
    interface Work {
        void run() throws Exception;
    }

    /** What a transaction does that is looked at. */
    interface TransactedWork {
        void run(GlobalTransaction tx) throws Exception;
    }

    /** Runs the work in a transaction and notes what is said about it, whatever that is. */
    static Told by(Assent initiator, String id, Work work) {
        return by(initiator, id, TransactionOptions.DEFAULT, tx -> work.run());
    }

    /** The same with options, for work that looks at its transaction. */
    static Told by(Assent initiator, String id, TransactionOptions options, TransactedWork work) {
        try {
            Xid xid = initiator
                    .transact(options, tx -> {
                        work.run(tx);
                        return id;
                    })
                    .xid();
            return new Told(id, Optional.of(xid), Optional.of(Outcome.COMMITTED), false, "committed");
        } catch (OutcomeUnknownException e) {
            return new Told(id, Optional.of(e.xid()), Optional.empty(), false, String.valueOf(e.getMessage()));
        } catch (TransactionAbortedException e) {
            return aborted(id, e, String.valueOf(e.getMessage()));
        } catch (CoordinatorUnavailableException e) {
            return new Told(id, Optional.empty(), Optional.of(Outcome.ABORTED), true, String.valueOf(e.getMessage()));
        } catch (Exception e) {
            return failed(id, e);
        }
    }

    /** The work's own exception comes with the abort beside it. */
    private static Told failed(String id, Exception failure) {
        for (Throwable suppressed : failure.getSuppressed()) {
            if (suppressed instanceof TransactionAbortedException aborted) {
                return aborted(id, aborted, failure + "; " + aborted.getMessage());
            }
        }
        return new Told(id, Optional.empty(), Optional.of(Outcome.ABORTED), false, failure.toString());
    }

    private static Told aborted(String id, TransactionAbortedException e, String why) {
        return new Told(id, Optional.of(e.xid()), Optional.of(Outcome.ABORTED), e.isRetryable(), why);
    }

    boolean isCommitted() {
        return outcome.equals(Optional.of(Outcome.COMMITTED));
    }

    Told settled(Outcome later) {
        return new Told(id, xid, Optional.of(later), isRetryable, why);
    }
}
