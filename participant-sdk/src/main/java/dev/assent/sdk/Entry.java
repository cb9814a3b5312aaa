package dev.assent.sdk;

import dev.assent.sdk.annotation.Propagation;
import dev.assent.sdk.internal.propagation.TransactionScope;
import java.util.Optional;

/** How work comes into a transaction, or does without: one table for all doors. */
enum Entry {
    /** A new transaction; one around is suspended. */
    BEGIN,
    /** The transaction around. */
    JOIN,
    /** None; one around is suspended. */
    PLAIN;

    static final String MISSING = "This work needs a transaction, and its thread works in none: call it inside"
            + " assent.transact(…), or by a call of a client with assent.clientInterceptor() to a server with"
            + " assent.serverInterceptor(). Other threads have the transaction only through wrap(…)";

    /**
     * What a level means where this thread is.
     *
     * @throws IllegalStateException if it forbids work here
     */
    static Entry at(Propagation level) {
        Optional<TransactionScope> scope = TransactionScope.current();
        Optional<String> over = scope.flatMap(TransactionScope::over);
        boolean isInside = scope.isPresent() && over.isEmpty();
        switch (level) {
            case REQUIRED -> {
                return isInside ? JOIN : BEGIN;
            }
            case REQUIRES_NEW -> {
                return BEGIN;
            }
            case NOT_SUPPORTED -> {
                return PLAIN;
            }
            case NEVER -> {
                if (isInside) {
                    throw new IllegalStateException("This work must run outside any transaction (NEVER), and its thread"
                            + " works in " + scope.get().xid() + ": call it outside, or let it suspend the transaction"
                            + " (NOT_SUPPORTED)");
                }
                return PLAIN;
            }
            case SUPPORTS, MANDATORY -> {
                if (isInside) {
                    return JOIN;
                }
                // Its thread was meant to work in that transaction: outside it would be done behind its back.
                over.ifPresent(why -> {
                    throw new IllegalStateException("This work comes too late: transaction "
                            + scope.get().xid() + " takes no more work here: " + why);
                });
                if (level == Propagation.MANDATORY) {
                    throw new IllegalStateException(MISSING);
                }
                return PLAIN;
            }
        }
        throw new AssertionError("a level without a meaning: " + level);
    }
}
