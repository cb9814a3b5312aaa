package dev.assent.sdk;

import org.jspecify.annotations.Nullable;

/**
 * Work inside a global transaction that gives a value back.
 *
 * @param <T> what it returns
 * @param <X> the checked exception that it may throw, which is what {@link Assent#transact} throws then
 */
@FunctionalInterface
public interface TransactionalWork<T extends @Nullable Object, X extends Exception> {
    /** Runs once; its return commits the transaction, any exception rolls it back. */
    T run(GlobalTransaction transaction) throws X;
}
