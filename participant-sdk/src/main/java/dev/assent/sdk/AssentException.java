package dev.assent.sdk;

import org.jspecify.annotations.Nullable;

/**
 * What the four failures of a global transaction have in common, for code that treats them alike. Catch the subtype to
 * tell them apart; the text is for people and may change.
 */
public abstract sealed class AssentException extends RuntimeException
        permits TransactionAbortedException,
                OutcomeUnknownException,
                HeuristicOutcomeException,
                CoordinatorUnavailableException {
    private static final long serialVersionUID = 1L;

    AssentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
