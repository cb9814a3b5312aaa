package dev.assent.sdk;

import org.jspecify.annotations.Nullable;

/**
 * Work that may fail without the transaction; see {@link GlobalTransaction#attempt(AttemptedWork)}.
 *
 * @param <T> what it gives back
 * @param <X> what it may throw beside unchecked exceptions
 */
@FunctionalInterface
public interface AttemptedWork<T extends @Nullable Object, X extends Exception> {
    /** Does the work, once, on the calling thread. */
    T run() throws X;
}
