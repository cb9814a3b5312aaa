package dev.assent.sdk.internal.propagation;

import dev.assent.sdk.internal.propagation.RunningTasks.Task;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The same as {@link CarryingExecutor} for an executor that gives futures and can be shut down. */
public final class CarryingExecutorService extends AbstractExecutorService {
    private final ExecutorService target;
    private final CarryingExecutor single;

    public CarryingExecutorService(ExecutorService target) {
        this.target = target;
        this.single = new CarryingExecutor(target);
    }

    @Override
    public void execute(Runnable work) {
        if (!(work instanceof Counted<?> counted)) {
            single.execute(work);
            return;
        }
        try {
            target.execute(counted);
        } catch (RejectedExecutionException e) {
            counted.end();
            throw e;
        }
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> work) {
        Handover handover = Handover.ofThread();
        return new Counted<>(work, handover, CarryingExecutor.begin(handover));
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable work, T value) {
        return newTaskFor(Executors.callable(work, value));
    }

    @Override
    public void shutdown() {
        target.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return target.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return target.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return target.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return target.awaitTermination(timeout, unit);
    }

    /** Counts until it has run, or was cancelled before it ran; cancelled while it runs it counts until it stops. */
    private static final class Counted<T extends @Nullable Object> extends FutureTask<T> {
        private final Optional<Task> task;
        private volatile boolean hasStarted;

        Counted(Callable<T> work, Handover handover, Optional<Task> task) {
            super(() -> {
                Optional<String> over = handover.over();
                if (over.isPresent()) {
                    throw new IllegalStateException(over.get());
                }
                return handover.run(task, work::call);
            });
            this.task = task;
        }

        @Override
        public void run() {
            hasStarted = true;
            try {
                super.run();
            } finally {
                end();
            }
        }

        @Override
        protected void done() {
            if (!hasStarted) {
                end();
            }
        }

        void end() {
            task.ifPresent(Task::ended);
        }
    }
}
