package dev.assent.sdk.internal.propagation;

import dev.assent.sdk.internal.propagation.RunningTasks.Task;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs work in whatever the thread works in that gave it. Work counts from the moment that it is given: a transaction whose
 * work is still in a queue must not commit without it.
 *
 * <p>Work that the queue lets through only after the transaction has ended runs all the same, and every connection and call
 * of the transaction is refused to it: whoever waits for it would otherwise wait for ever.
 *
 * @param target does the work
 */
public record CarryingExecutor(Executor target) implements Executor {
    @Override
    public void execute(Runnable work) {
        Handover handover = Handover.ofThread();
        Optional<Task> task = begin(handover);
        try {
            target.execute(() -> handover.run(task, () -> {
                work.run();
                return true;
            }));
        } catch (RuntimeException e) {
            task.ifPresent(Task::ended);
            throw e;
        }
    }

    /**
     * Counts work as begun.
     *
     * @throws RejectedExecutionException if the transaction takes no more work here
     */
    static Optional<Task> begin(Handover handover) {
        try {
            return handover.begin("work that was given to an executor at " + Origin.ofCaller());
        } catch (IllegalStateException e) {
            throw new RejectedExecutionException(e.getMessage(), e);
        }
    }
}
