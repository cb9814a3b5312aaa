package dev.assent.sdk;

/**
 * {@link AttemptedWork} that gives nothing back.
 *
 * @param <X> what it may throw beside unchecked exceptions
 */
@FunctionalInterface
public interface AttemptedAction<X extends Exception> {
    /** Does the work, once, on the calling thread. */
    void run() throws X;
}
