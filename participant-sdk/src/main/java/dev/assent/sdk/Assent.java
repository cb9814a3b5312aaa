package dev.assent.sdk;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.annotation.GlobalTransactional;
import dev.assent.sdk.annotation.Propagation;
import dev.assent.sdk.internal.propagation.CarryingExecutor;
import dev.assent.sdk.internal.propagation.CarryingExecutorService;
import io.grpc.ClientInterceptor;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A process's one object, whatever roles it plays: it begins global transactions, serves resources, or both.
 *
 * <p>An initiator:
 *
 * <pre>{@code
 * try (Assent assent = Assent.connect("localhost:7101,localhost:7102,localhost:7103")) {
 *     Channel intercepted = ClientInterceptors.intercept(channel, assent.clientInterceptor());
 *     OrdersBlockingStub orders = OrdersGrpc.newBlockingStub(intercepted);
 *     PaymentsBlockingStub payments = PaymentsGrpc.newBlockingStub(intercepted);
 *     Receipt<Charge> receipt = assent.transact(tx -> {   // commits on return, rolls back on any exception
 *         orders.place(order);
 *         return payments.charge(order);
 *     });
 * }
 * }</pre>
 *
 * <p>A participant:
 *
 * <pre>{@code
 * Assent assent = Assent.builder("inventory")
 *     .coordinators("localhost:7101,localhost:7102,localhost:7103")
 *     .resource("inventory-db", hikariDataSource)
 *     .start();
 * DataSource db = assent.dataSource("inventory-db");     // inside a global transaction its connections are branches
 * serverBuilder.intercept(assent.serverInterceptor());   // takes the transaction from the call
 * }</pre>
 *
 * <p>Nothing commits half in silence: a call that failed or is still open when the work returns forbids the commit, whatever
 * the work caught. What is promised is atomicity over all branches; a reader of several databases may for a moment see one
 * branch's commit and not yet another's.
 *
 * <p>The protocol is two-phase commit with presumed abort (Mohan, Lindsay and Obermarck, 1986), replicated by Raft. Safe
 * for use by several threads.
 */
public final class Assent implements AutoCloseable {
    private final Wiring wiring;
    private final Transactions transactions;
    private final AsyncTransactions async;

    Assent(Wiring wiring) {
        this.wiring = wiring;
        this.transactions = wiring.transactions();
        this.async = new AsyncTransactions(transactions);
    }

    /**
     * A pure initiator. Returns at once; whether a coordinator can be reached is seen when a transaction is begun.
     *
     * @param coordinators the nodes, as {@code host:port,host:port,…}
     * @throws ConfigurationException if the addresses cannot be used
     */
    public static Assent connect(String coordinators) {
        return builder("initiator").coordinators(coordinators).start();
    }

    /**
     * Sets up a process.
     *
     * @param service the service's name, for people: at most 40 characters of a-z, 0-9 and dashes between them
     */
    public static AssentBuilder builder(String service) {
        return new AssentBuilder(service);
    }

    // ---- transactions ----

    /**
     * Runs work inside a global transaction with the default options; see {@link #transact(TransactionOptions,
     * TransactionalWork)}.
     */
    public <T extends @Nullable Object, X extends Exception> Receipt<T> transact(TransactionalWork<T, X> work)
            throws X {
        return transact(TransactionOptions.DEFAULT, work);
    }

    /**
     * Runs work inside a global transaction, on this thread, once: commits when it returns, rolls back when it throws. Inside
     * a transaction the work joins that one, which then commits or rolls back as a whole at its own end; the options may want
     * something else, see {@link Propagation}.
     *
     * @throws X or any unchecked exception: the work's own, as it is, with the abort among its suppressed exceptions
     * @throws TransactionAbortedException if the transaction aborted though the work returned
     * @throws OutcomeUnknownException if the coordinator did not answer the commit in time
     * @throws HeuristicOutcomeException if somebody decided a branch by hand
     * @throws CoordinatorUnavailableException if nothing could be begun; the work did not run
     * @throws IllegalStateException if the level of propagation forbids the work here; it did not run
     */
    public <T extends @Nullable Object, X extends Exception> Receipt<T> transact(
            TransactionOptions options, TransactionalWork<T, X> work) throws X {
        return transactions.transact(options, work);
    }

    /** Runs work that gives nothing back, with the default options; all else as {@link #transact(TransactionalWork)}. */
    public <X extends Exception> Receipt<@Nullable Void> run(TransactionalAction<X> action) throws X {
        return run(TransactionOptions.DEFAULT, action);
    }

    /** Runs work that gives nothing back; all else as {@link #transact(TransactionOptions, TransactionalWork)}. */
    @SuppressWarnings("NullAway") // the checker does not see that the type argument of the lambda is nullable
    public <X extends Exception> Receipt<@Nullable Void> run(TransactionOptions options, TransactionalAction<X> action)
            throws X {
        TransactionalWork<@Nullable Void, X> work = transaction -> {
            action.run(transaction);
            return null;
        };
        return transact(options, work);
    }

    /** Begins a transaction with the default options; see {@link #begin(TransactionOptions)}. */
    public GlobalTransaction begin() {
        return begin(TransactionOptions.DEFAULT);
    }

    /**
     * The manual door: begins a transaction and binds it to this thread, until it is ended on this thread. What that means
     * depends on the level of propagation:
     *
     * <ul>
     *   <li>A transaction that is begun, as by REQUIRED outside any and by REQUIRES_NEW, commits or rolls back at its own
     *       end. What it suspended is bound again then.
     *   <li>One that is joined, as by REQUIRED, SUPPORTS and MANDATORY inside one, goes on: {@link GlobalTransaction#commit}
     *       commits nothing, only the outermost does, and {@link GlobalTransaction#rollback} makes the whole roll back.
     *   <li>Where there is none, as by SUPPORTS and NEVER outside any and by NOT_SUPPORTED, both only end the section; work
     *       that was done in it stays done.
     * </ul>
     *
     * @throws CoordinatorUnavailableException if nothing could be begun
     * @throws IllegalStateException if the level of propagation forbids work here
     */
    public GlobalTransaction begin(TransactionOptions options) {
        return transactions.begin(options);
    }

    /** The asynchronous door with the default options; see {@link #transactAsync(TransactionOptions,
     * AsyncTransactionalWork)}. */
    public <T extends @Nullable Object> CompletionStage<Receipt<T>> transactAsync(AsyncTransactionalWork<T> work) {
        return transactAsync(TransactionOptions.DEFAULT, work);
    }

    /**
     * Runs work inside a global transaction without parking any thread: commits when the stage that it returns completes,
     * rolls back when that fails, or when the transaction's timeout passes before.
     *
     * <p>The work is started on this thread, or on the executor of callbacks if a transaction cannot be begun at once. Work
     * that joins another transaction keeps that from committing until its stage has completed.
     *
     * @return completed on the executor of callbacks ({@link AssentBuilder#callbackExecutor}), so that what depends on it
     *     may block; where nothing was begun, by whoever completed the work's own stage. Fails with what {@link #transact}
     *     throws, never wrapped, and this method itself throws nothing
     */
    public <T extends @Nullable Object> CompletionStage<Receipt<T>> transactAsync(
            TransactionOptions options, AsyncTransactionalWork<T> work) {
        return async.transact(options, work);
    }

    /**
     * The annotation door: an object whose methods run in transactions as {@link GlobalTransactional} says, in the interface
     * or in the class of the target. Methods without the annotation are passed on. What the target throws comes out as it
     * is, with the abort among its suppressed exceptions; otherwise the methods throw what {@link #transact} throws.
     *
     * @param type an interface
     * @param target does the work
     * @throws ConfigurationException with everything that is wrong with the declarations
     */
    public <T> T proxy(Class<T> type, T target) {
        return TransactionalProxy.of(this, type, target);
    }

    // ---- other threads ----

    /**
     * An executor whose work runs in the transaction, and with the log context (MDC), of the thread that gives it. From then
     * on until it has ended the transaction cannot commit; nor if it fails. Work of threads without a transaction runs
     * without one.
     *
     * <p>After the transaction's end nothing is taken. Work that is still queued then runs all the same, so that nobody
     * waits for it in vain, and is refused every connection and call of the transaction.
     *
     * @param executor does the work
     */
    public Executor wrap(Executor executor) {
        return new CarryingExecutor(executor);
    }

    /**
     * The same, with futures. Work that is cancelled before it runs forbids nothing; work that is still queued at the
     * transaction's end does not run, and its future fails and says why.
     *
     * @param executor does the work; shutting down what is returned shuts it down
     */
    public ExecutorService wrap(ExecutorService executor) {
        return new CarryingExecutorService(executor);
    }

    /**
     * Asks what became of a transaction, whoever began it, without any influence on it.
     *
     * @return empty while it is not decided
     * @throws OutcomeUnknownException if no coordinator answered in time, or the outcome is no longer remembered
     */
    public Optional<Outcome> outcome(Xid xid) {
        return transactions.endings().outcome(xid);
    }

    // ---- resources and calls ----

    /**
     * A resource of this process: inside a global transaction its connections are handles of one branch, outside they are
     * the pool's own.
     *
     * @throws IllegalArgumentException if no resource has this name
     */
    public DataSource dataSource(String resource) {
        return wiring.dataSource(resource);
    }

    /** For channels: carries the thread's transaction over every call, and brings back the account of what ran below it. */
    public ClientInterceptor clientInterceptor() {
        return wiring.clientInterceptor();
    }

    /**
     * For servers: runs calls that carry a transaction inside it. Interceptors that are to see the transaction must come
     * after it.
     */
    public ServerInterceptor serverInterceptor() {
        return wiring.serverInterceptor();
    }

    int branchesOpenCount() {
        return wiring.branchesOpenCount();
    }

    /**
     * Ends this process's part. Unprepared branches roll back; branches in doubt are waited for, for a bounded time, and then
     * stay prepared: another instance or the next life finishes them. Idempotent.
     */
    @Override
    public void close() {
        wiring.close();
    }
}
