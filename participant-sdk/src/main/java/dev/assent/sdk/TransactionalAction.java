package dev.assent.sdk;

/**
 * Work inside a global transaction that gives nothing back.
 *
 * @param <X> the checked exception that it may throw, which is what {@link Assent#run} throws then
 */
@FunctionalInterface
public interface TransactionalAction<X extends Exception> {
    /** Runs once; its return commits the transaction, any exception rolls it back. */
    void run(GlobalTransaction transaction) throws X;
}
