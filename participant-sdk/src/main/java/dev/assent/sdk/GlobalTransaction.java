package dev.assent.sdk;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.sdk.internal.propagation.TransactionLog;
import dev.assent.sdk.internal.propagation.TransactionScope;
import io.grpc.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

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
    private static final Context.Key<GlobalTransaction> BEGUN_HERE = Context.key("assent-begun-here");

    private final TransactionScope scope;
    private final @Nullable Transactions engine;
    private final TransactionOptions options;
    private final boolean endsItself;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Binding threadBinding;

    private GlobalTransaction(
            TransactionScope scope, @Nullable Transactions engine, TransactionOptions options, boolean endsItself) {
        this.scope = scope;
        this.engine = engine;
        this.options = options;
        this.endsItself = endsItself;
    }

    /** One that began in this process. */
    static GlobalTransaction begun(
            TransactionScope scope, Transactions engine, TransactionOptions options, boolean endsItself) {
        return new GlobalTransaction(scope, engine, options, endsItself);
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
                : Optional.of(new GlobalTransaction(scope.get(), null, TransactionOptions.DEFAULT, false));
    }

    /** Its identifier, the same in every process that takes part. */
    public Xid xid() {
        return scope.xid();
    }

    /** What is left of its timeout; zero or less once that has passed. */
    public Duration remaining() {
        return scope.remaining();
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
        scope.forbid(reason);
    }

    /** Why it can only roll back, if so: a call of it failed or is still open, or somebody wants it so. */
    public Optional<String> rollbackOnly() {
        return scope.forbidden();
    }

    /**
     * Commits, and unbinds it from this thread.
     *
     * @return branches that are decided to commit and have not confirmed it yet
     * @throws TransactionAbortedException if it aborted instead
     * @throws OutcomeUnknownException if the coordinator did not answer in time
     * @throws HeuristicOutcomeException if somebody decided by hand
     * @throws IllegalStateException if it was ended before, did not begin here, or ends by itself
     */
    public List<BranchId> commit() {
        Transactions engine = claimEnd("commit");
        try {
            return engine.commit(this);
        } finally {
            unbind();
        }
    }

    /**
     * Rolls back, and unbinds it from this thread. Nothing of it happens, whether or not the coordinator can be reached.
     *
     * @throws IllegalStateException if it was ended before, did not begin here, or ends by itself
     */
    public void rollback() {
        Transactions engine = claimEnd("rollback");
        try {
            engine.rollback(this, "rollback was called");
        } finally {
            unbind();
        }
    }

    /** Rolls back, if neither {@link #commit} nor {@link #rollback} was called; for {@code finally}. */
    public void rollbackUnlessEnded() {
        if (!ended.get()) {
            rollback();
        }
    }

    private Transactions claimEnd(String what) {
        Transactions here = engine;
        if (here == null) {
            throw new IllegalStateException("only the process that began transaction " + xid() + " can end it; "
                    + "setRollbackOnly() makes it roll back");
        }
        if (endsItself) {
            throw new IllegalStateException(
                    "transaction " + xid() + " ends when its work returns; " + what + "() belongs to Assent.begin()");
        }
        claimOnce();
        return here;
    }

    void claimOnce() {
        if (!ended.compareAndSet(false, true)) {
            throw new IllegalStateException("transaction " + xid() + " was ended before");
        }
    }

    TransactionScope scope() {
        return scope;
    }

    TransactionOptions options() {
        return options;
    }

    // ---- the thread ----

    /** Binds it to this thread until the binding is closed. */
    Binding bind() {
        Context context = scope.inContext().withValue(BEGUN_HERE, this);
        return new Binding(Thread.currentThread(), context, context.attach(), TransactionLog.enter(scope.xid()));
    }

    /** Binds it to this thread until it is ended there. */
    void bindUntilEnd() {
        threadBinding = bind();
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
