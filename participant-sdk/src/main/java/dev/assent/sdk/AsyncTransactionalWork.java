package dev.assent.sdk;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Work inside a global transaction that goes on after it has returned.
 *
 * @param <T> what its stage completes with
 */
@FunctionalInterface
public interface AsyncTransactionalWork<T extends @Nullable Object> {
    /**
     * Starts once, with the transaction bound to the thread. What runs later, on other threads, has it only through {@link
     * GlobalTransaction#wrap} or {@link Assent#wrap}. The completion of the stage commits the transaction, its failure, or
     * any exception, rolls it back.
     */
    CompletionStage<T> run(GlobalTransaction transaction) throws Exception;
}
