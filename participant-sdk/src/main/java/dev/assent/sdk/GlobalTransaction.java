package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.sdk.internal.propagation.AfterCommit;
import dev.assent.sdk.internal.propagation.Attempt;
import dev.assent.sdk.internal.propagation.Handover;
import dev.assent.sdk.internal.propagation.Origin;
import dev.assent.sdk.internal.propagation.TransactionLog;
import dev.assent.sdk.internal.propagation.TransactionScope;
import io.grpc.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A global transaction, as the code that runs inside it sees it.
 *
 * <p>The manual door begins one and binds it to the thread until it is ended there:
 *
 * <pre>{@code
 * GlobalTransaction tx = assent.begin();
 * try {
 *     payments.charge(order);
 *     stock.reserve(order);
 *     tx.commit();
 * } finally {
 *     tx.rollbackUnlessEnded();
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads; it is ended once.
 */
public final class GlobalTransaction {
    private static final Logger log = LoggerFactory.getLogger(GlobalTransaction.class);
    private static final Context.Key<GlobalTransaction> BEGUN_HERE = Context.key("assent-begun-here");

    private final @Nullable TransactionScope scope;
    private final Part part;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean commitClaimed = new AtomicBoolean();
    private volatile @Nullable Binding threadBinding;

    /** What the holder of a handle has to do with the transaction's end. */
    sealed interface Part {
        /**
         * It was begun for this holder, whose end is its end.
         *
         * @param endsItself whether it ends when its work returns
         */
        record Begun(Endings engine, TransactionOptions options, boolean endsItself) implements Part {}

        /** It was there before, and goes on afterwards. */
        record Joined(GlobalTransaction whole) implements Part {}

        /** It ends where a call brought it from. */
        record Brought() implements Part {}

        /** There is none. */
        record None(boolean endsItself) implements Part {}
    }

    GlobalTransaction(@Nullable TransactionScope scope, Part part) {
        this.scope = scope;
        this.part = part;
    }

    /**
     * The transaction in which this thread works: one that began here, or that a call brought. Empty outside any, and after
     * its end.
     */
    public static Optional<GlobalTransaction> current() {
        Optional<TransactionScope> scope =
                TransactionScope.current().filter(current -> current.over().isEmpty());
        if (scope.isEmpty()) {
            return Optional.empty();
        }
        GlobalTransaction begunHere = BEGUN_HERE.get();
        return scope.get().isInitiator() && begunHere != null
                ? Optional.of(begunHere)
                : Optional.of(new GlobalTransaction(scope.get(), new Part.Brought()));
    }

    /**
     * The transaction in which this thread works, for code that must not run without one.
     *
     * @throws IllegalStateException if it works in none
     */
    public static GlobalTransaction required() {
        return current().orElseThrow(() -> new IllegalStateException(Entry.MISSING));
    }

    /** False for work that a level of propagation lets run in none: then there is nothing to ask of this object. */
    public boolean isPresent() {
        return scope != null;
    }

    /** Its identifier, the same in every process that takes part. */
    public Xid xid() {
        return scope().xid();
    }

    /** What is left of its timeout; zero or less once that has passed. */
    public Duration remaining() {
        return scope().remaining();
    }

    /** From now on it can only roll back; the call that called this process is told so with its answer. */
    public void setRollbackOnly() {
        setRollbackOnly("setRollbackOnly was called");
    }

    /**
     * From now on it can only roll back.
     *
     * @param reason for people, in the exception of whoever asks for the commit; the first one is kept
     */
    public void setRollbackOnly(String reason) {
        scope().forbid(reason);
    }

    /** Why it can only roll back, if so: a call of it failed or is still open, or somebody wants it so. */
    public Optional<String> rollbackOnly() {
        return scope().forbidden();
    }

    /**
     * Runs something in this process after the global commit, never before it and never after an abort.
     *
     * <p>Where the transaction began, that is when the commit is known to stand, be it after {@link #commit} has given up
     * waiting; where a call brought it, when this process's branch has committed. Such a branch takes part in the commit
     * even if it wrote nothing, so the call must use a resource of this process; one that does not is refused when it ends.
     *
     * <p>It runs once or not at all: if the process dies before, or if another process of the resource ends the branch in
     * its place, nobody runs it. So it is for what may be lost, such as emptying a cache; what must not be lost belongs into
     * a branch. It runs on the executor of callbacks, outside any transaction, and those of one transaction and call run one
     * after another, in the order in which they were given. What it throws is logged and changes nothing.
     *
     * @throws IllegalStateException if the transaction takes no more work here
     */
    public void afterCommit(Runnable work) {
        TransactionScope present = scope();
        present.afterCommit(new AfterCommit(present.xid(), work));
    }

    /**
     * Promises that this call, which may go on, is the transaction's last one that uses the resources that it uses in this
     * process. If it ends well their branches prepare at once and vote without being asked, so that the commit needs one
     * round of consensus and no other; what such a branch did stays locked until then, as ever.
     *
     * <p>A promise that is broken costs the transaction: a further call that uses one of these resources in this process
     * fails, and forbids the commit. A call that fails, or is undone, has promised nothing. A branch that only read votes when
     * it is asked, since it must not give up its locks before all others have theirs.
     *
     * @throws IllegalStateException if the transaction takes no more work here
     */
    public void lastCall() {
        scope().lastCall();
    }

    // ---- work that may fail ----

    /**
     * Runs work that may fail without the transaction: if it throws, everything that it did is undone, in this process and in
     * the services that it called, and the transaction goes on. Its exception is thrown on, to be caught or not.
     *
     * <pre>{@code
     * try {
     *     discount = tx.attempt(() -> coupons.redeem(code));
     * } catch (StatusRuntimeException e) {
     *     discount = NONE;
     * }
     * }</pre>
     *
     * <p>What cannot be undone forbids the commit, and {@link #rollbackOnly} says why: work below a call that succeeded, a
     * call that is still open or whose callee confirmed nothing (it does not use the SDK, it died, its answer was lost), work
     * on another thread that still runs, and work with which other work on the same resource and instance overlapped. So an
     * attempt is best one call, or local work alone. Locks that the database does not give up with the work are kept.
     *
     * <p>Attempts may lie inside each other. A unit of work that the application rolls back itself inside one forbids
     * nothing. What {@link #afterCommit} was given in one that failed never runs; {@link #setRollbackOnly} is not undone.
     *
     * @throws X the work's own, or any unchecked exception of it
     * @throws IllegalStateException if the transaction takes no more work here; the work did not run
     */
    public <T extends @Nullable Object, X extends Exception> T attempt(AttemptedWork<T, X> work) throws X {
        TransactionScope present = scope();
        Context around = context();
        Attempt attempt = present.attempt(around);
        Context inside = attempt.in(around);
        T value;
        Context before = inside.attach();
        try {
            value = work.run();
        } catch (Throwable e) {
            inside.detach(before);
            present.failed(attempt, e);
            throw e;
        }
        inside.detach(before);
        present.stood(attempt);
        return value;
    }

    /** The same for work that gives nothing back. */
    @SuppressWarnings("NullAway") // the checker does not see that the type argument of the lambda is nullable
    public <X extends Exception> void attempt(AttemptedAction<X> work) throws X {
        AttemptedWork<@Nullable Void, X> valueless = () -> {
            work.run();
            return null;
        };
        Void unused = attempt(valueless);
    }

    // ---- other threads ----

    /**
     * The same work, to be run in this transaction, with this thread's log context (MDC), on another thread. While it runs,
     * and if it fails, the transaction cannot commit.
     *
     * <p>Begun after the transaction's end the work does not run, and ends with {@link IllegalStateException}.
     */
    public Runnable wrap(Runnable work) {
        Handover handover = handover();
        String name = wrapped();
        return () -> handover.run(name, () -> {
            work.run();
            return true;
        });
    }

    /** The same for work that gives something back. */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
        Handover handover = handover();
        String name = wrapped();
        return () -> handover.run(name, work::call);
    }

    /** The same for a supplier; under a name of its own, since a lambda could be either. */
    public <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> work) {
        Handover handover = handover();
        String name = wrapped();
        return () -> handover.run(name, work::get);
    }

    private Handover handover() {
        return Handover.of(Optional.ofNullable(scope), context());
    }

    private static String wrapped() {
        return "work that was wrapped at " + Origin.ofCaller();
    }

    // ---- the end ----

    /**
     * Commits, and unbinds it from this thread. One that joined another only leaves it; what runs in none has nothing to
     * commit.
     *
     * @return branches that are decided to commit and have not confirmed it yet
     * @throws TransactionAbortedException if it aborted instead
     * @throws OutcomeUnknownException if the coordinator did not answer in time
     * @throws HeuristicOutcomeException if somebody decided by hand
     * @throws IllegalStateException if it was ended before, was brought by a call, or ends by itself
     */
    public List<BranchId> commit() {
        claimEnd("commit");
        try {
            return part instanceof Part.Begun begun ? begun.engine.await(this, begun.engine.commit(this)) : List.of();
        } finally {
            unbind();
        }
    }

    /**
     * Rolls back, and unbinds it from this thread. Nothing of it happens, whether or not the coordinator can be reached. One
     * that joined another makes that roll back at its own end; what was done in none stays done.
     *
     * @throws IllegalStateException if it was ended before, was brought by a call, or ends by itself
     */
    public void rollback() {
        claimEnd("rollback");
        try {
            if (part instanceof Part.Begun begun) {
                TransactionAbortedException aborted = begun.engine.awaitAbort(this, rollBackBegun(begun));
                log.debug("{}", aborted.getMessage());
            } else {
                rollBackOther();
            }
        } finally {
            unbind();
        }
    }

    /** Rolls back, if neither commit nor rollback was asked for; for {@code finally}. */
    public void rollbackUnlessEnded() {
        if (!ended.get()) {
            rollback();
        }
    }

    /**
     * The same as {@link #commit}, without waiting: the stage fails with what that throws, and with nothing else. It is
     * completed on the executor of callbacks.
     *
     * @throws IllegalStateException if it was ended before, was brought by a call, or ends by itself
     */
    public CompletionStage<List<BranchId>> commitAsync() {
        claimEnd("commit");
        try {
            return part instanceof Part.Begun begun
                    ? begun.engine.outside(begun.engine.commit(this), begun.engine::told)
                    : CompletableFuture.completedStage(List.of());
        } finally {
            unbind();
        }
    }

    /**
     * The same as {@link #rollback}, without waiting. The stage is completed on the executor of callbacks.
     *
     * @throws IllegalStateException if it was ended before, was brought by a call, or ends by itself
     */
    public CompletionStage<@Nullable Void> rollbackAsync() {
        claimEnd("rollback");
        try {
            if (part instanceof Part.Begun begun) {
                return begun.engine.outside(rollBackBegun(begun), told -> null);
            }
            rollBackOther();
            return CompletableFuture.completedStage(null);
        } finally {
            unbind();
        }
    }

    private CompletableFuture<Ended> rollBackBegun(Part.Begun begun) {
        return begun.engine.abort(this, AbortCause.of(AbortCause.Kind.ROLLED_BACK, "rollback was called"));
    }

    private void rollBackOther() {
        if (scope != null) {
            scope.forbidUnlessUndone("rollback was called by work that had joined the transaction");
        }
    }

    private void claimEnd(String what) {
        if (part instanceof Part.Brought) {
            throw new IllegalStateException("only the process that began transaction " + xid() + " can end it; "
                    + "setRollbackOnly() makes it roll back");
        }
        boolean endsItself =
                part instanceof Part.Begun begun ? begun.endsItself : part instanceof Part.None none && none.endsItself;
        if (endsItself) {
            throw new IllegalStateException(
                    this + " ends when its work returns; " + what + "() belongs to Assent.begin()");
        }
        claimOnce();
    }

    void claimOnce() {
        if (!ended.compareAndSet(false, true)) {
            throw new IllegalStateException(this + " was ended before");
        }
    }

    /** Whether the commit may be asked for, or called off, by this caller: one of the two happens. */
    boolean claimCommit() {
        return commitClaimed.compareAndSet(false, true);
    }

    TransactionScope scope() {
        TransactionScope present = scope;
        if (present == null) {
            throw new IllegalStateException("this work runs in no transaction, as its level of propagation allows; "
                    + "GlobalTransaction.isPresent() tells");
        }
        return present;
    }

    Part part() {
        return part;
    }

    /** For people. */
    @Override
    public String toString() {
        return scope == null ? "work outside any transaction" : "transaction " + scope.xid();
    }

    // ---- the thread ----

    private Context context() {
        if (scope == null) {
            return TransactionScope.outside().withValue(BEGUN_HERE, null);
        }
        if (part instanceof Part.Joined joined) {
            return joined.whole.context();
        }
        Optional<TransactionScope> around = TransactionScope.current();
        return around.isPresent() && around.get() == scope
                ? Context.current()
                : scope.inContext().withValue(BEGUN_HERE, part instanceof Part.Begun ? this : null);
    }

    /** Binds it to this thread until the binding is closed. What was bound before is suspended until then. */
    Binding bind() {
        Context context = context();
        return new Binding(
                Thread.currentThread(),
                context,
                context.attach(),
                scope == null ? TransactionLog.leave() : TransactionLog.enter(scope.xid()));
    }

    /** Binds it to this thread until it is ended there. */
    GlobalTransaction bindUntilEnd() {
        threadBinding = bind();
        return this;
    }

    private void unbind() {
        Binding binding = threadBinding;
        // Ended by another thread it stays bound here, and refuses work: silence would turn branches into plain work.
        if (binding != null && binding.thread == Thread.currentThread()) {
            threadBinding = null;
            binding.close();
        }
    }

    record Binding(Thread thread, Context mine, Context before, TransactionLog.Entry log) implements AutoCloseable {
        @Override
        public void close() {
            mine.detach(before);
            log.close();
        }
    }
}
