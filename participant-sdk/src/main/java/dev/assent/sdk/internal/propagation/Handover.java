package dev.assent.sdk.internal.propagation;

import dev.assent.sdk.internal.propagation.RunningTasks.Task;
import io.grpc.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a thread works in over to work on another thread, and keeps the account of it: work that has begun and not
 * ended forbids the commit, and so does work that failed, since nobody can know who sees that. Safe for use by several
 * threads.
 */
public final class Handover {
    private final Optional<TransactionScope> scope;
    private final Optional<Attempt> within;
    private final Carried carried;

    /** The same as a functional interface of any name. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object, X extends Exception> {
        T run() throws X;
    }

    private Handover(Optional<TransactionScope> scope, Optional<Attempt> within, Carried carried) {
        this.scope = scope;
        this.within = within;
        this.carried = carried;
    }

    /** What this thread works in. */
    public static Handover ofThread() {
        return of(TransactionScope.current(), Context.current());
    }

    /**
     * A transaction, or none.
     *
     * @param context with the scope in it
     */
    public static Handover of(Optional<TransactionScope> scope, Context context) {
        Carried carried;
        try (TransactionLog.Entry entry =
                scope.map(it -> TransactionLog.enter(it.xid())).orElseGet(TransactionLog::leave)) {
            carried = Carried.with(context);
        }
        return new Handover(scope, scope.flatMap(it -> Attempt.in(context, it)), carried);
    }

    /** Why work cannot be begun any more, if so. */
    public Optional<String> over() {
        return scope.flatMap(it -> it.over()
                .map(why -> "it comes too late: transaction " + it.xid() + " takes no more work here: " + why));
    }

    /**
     * Counts work as begun.
     *
     * @throws IllegalStateException if the transaction takes no more work here
     */
    public Optional<Task> begin(String name) {
        return scope.map(it -> it.taskStarted(name, within));
    }

    /**
     * Begins and does the work, on this thread.
     *
     * @throws IllegalStateException if the transaction takes no more work here
     */
    public <T extends @Nullable Object, X extends Exception> T run(String name, Work<T, X> work) throws X {
        return run(begin(name + " on thread " + Thread.currentThread().getName()), work);
    }

    /** Does work that was counted as begun, on this thread. */
    public <T extends @Nullable Object, X extends Exception> T run(Optional<Task> task, Work<T, X> work) throws X {
        try (Carried.Entry entry = carried.enter()) {
            return work.run();
        } catch (Throwable e) {
            task.ifPresent(it -> it.failed(e));
            throw e;
        } finally {
            task.ifPresent(Task::ended);
        }
    }
}
