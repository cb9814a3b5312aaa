package dev.assent.sdk.internal.propagation;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work of one scope on other threads: until it has ended the transaction must not commit. Safe for use by several threads. */
public final class RunningTasks {
    private static final Logger log = LoggerFactory.getLogger(RunningTasks.class);
    private static final long PATIENCE_MILLIS = 1_000;

    // Guarded by this.
    private final Map<Long, Running> running = new LinkedHashMap<>();
    private final Map<Attempt, CompletableFuture<Boolean>> awaited = new IdentityHashMap<>();
    private long startedCount;
    private @Nullable CompletableFuture<Boolean> empty;

    private record Running(String name, Optional<Attempt> within) {}

    /** Work that was started and has to be ended. */
    public final class Task {
        private final long number;
        private final String name;
        private final Consumer<String> forbidding;

        private Task(long number, String name, Consumer<String> forbidding) {
            this.number = number;
            this.name = name;
            this.forbidding = forbidding;
        }

        /** Nobody can know who sees its failure: the transaction must not commit without it. */
        public void failed(Throwable failure) {
            forbidding.accept(name + " failed: " + failure);
        }

        /** It does nothing more. Only the first time has an effect. */
        public void ended() {
            end(number);
        }
    }

    /**
     * @param within the attempt that the work is part of
     * @param forbidding hears why the transaction must not commit
     */
    synchronized Task started(String name, Optional<Attempt> within, Consumer<String> forbidding) {
        Task task = new Task(++startedCount, name, forbidding);
        running.put(task.number, new Running(name, within));
        return task;
    }

    private void end(long number) {
        CompletableFuture<Boolean> last;
        synchronized (this) {
            running.remove(number);
            awaited.forEach((attempt, ended) -> {
                if (running(attempt).isEmpty()) {
                    // Its waiter does nothing on this thread.
                    ended.complete(true);
                }
            });
            last = running.isEmpty() ? empty : null;
        }
        // Not under the lock: whoever waited goes on at once, on this thread.
        if (last != null) {
            last.complete(true);
        }
    }

    /** Why the transaction must not commit, as things stand. */
    synchronized Optional<String> running() {
        return running.values().stream().findFirst().map(it -> it.name + " is still running");
    }

    private Optional<String> running(Attempt attempt) {
        return running.values().stream()
                .filter(it -> it.within.filter(inner -> inner.isWithin(attempt)).isPresent())
                .findFirst()
                .map(it -> it.name + " is still running");
    }

    /** Waits a little for work of an attempt that is about to end; says what still runs then. */
    Optional<String> awaitEnd(Attempt attempt) {
        CompletableFuture<Boolean> ended;
        synchronized (this) {
            if (running(attempt).isEmpty()) {
                return Optional.empty();
            }
            ended = awaited.computeIfAbsent(attempt, x -> new CompletableFuture<>());
        }
        try {
            ended.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("Work of an attempt goes on: {}", e.toString());
        }
        synchronized (this) {
            awaited.remove(attempt);
            return running(attempt);
        }
    }

    /**
     * Waits a little for work that is about to end: who waits for its result goes on before the thread that gave it has left
     * the work. It can no longer do anything in the transaction meanwhile. Completed with {@link #running()} then.
     */
    CompletableFuture<Optional<String>> ended() {
        CompletableFuture<Boolean> awaited;
        synchronized (this) {
            if (running.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            empty = empty == null ? new CompletableFuture<>() : empty;
            awaited = empty.copy();
        }
        return awaited.completeOnTimeout(true, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .thenApply(any -> running());
    }
}
