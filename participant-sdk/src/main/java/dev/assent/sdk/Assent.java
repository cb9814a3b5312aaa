package dev.assent.sdk;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import io.grpc.ClientInterceptor;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.Optional;
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

    Assent(Wiring wiring) {
        this.wiring = wiring;
        this.transactions = wiring.transactions();
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
     * a transaction the work joins that one, which then commits or rolls back as a whole at its own end.
     *
     * @throws X or any unchecked exception: the work's own, as it is, with the abort among its suppressed exceptions
     * @throws TransactionAbortedException if the transaction aborted though the work returned
     * @throws OutcomeUnknownException if the coordinator did not answer the commit in time
     * @throws HeuristicOutcomeException if somebody decided a branch by hand
     * @throws CoordinatorUnavailableException if nothing could be begun; the work did not run
     */
    public <T extends @Nullable Object, X extends Exception> Receipt<T> transact(
            TransactionOptions options, TransactionalWork<T, X> work) throws X {
        Optional<GlobalTransaction> around = GlobalTransaction.current();
        if (around.isPresent()) {
            return join(around.get(), work);
        }
        GlobalTransaction transaction = transactions.begin(options, true);
        T value;
        try (GlobalTransaction.Binding binding = transaction.bind()) {
            value = work.run(transaction);
        } catch (Throwable e) {
            transaction.claimOnce();
            transactions.abandon(transaction, e);
            throw e;
        }
        transaction.claimOnce();
        List<BranchId> pending = transactions.commit(transaction);
        return new Receipt<>(value, transaction.xid(), true, pending);
    }

    private static <T extends @Nullable Object, X extends Exception> Receipt<T> join(
            GlobalTransaction around, TransactionalWork<T, X> work) throws X {
        try {
            return new Receipt<>(work.run(around), around.xid(), false, List.of());
        } catch (Throwable e) {
            around.setRollbackOnly("work that had joined the transaction failed: " + e);
            throw e;
        }
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
     * The manual door: begins a transaction and binds it to this thread, until {@link GlobalTransaction#commit} or {@link
     * GlobalTransaction#rollback} on this thread.
     *
     * @throws CoordinatorUnavailableException if nothing could be begun
     * @throws IllegalStateException if this thread works in a transaction already
     */
    public GlobalTransaction begin(TransactionOptions options) {
        GlobalTransaction transaction = transactions.begin(options, false);
        transaction.bindUntilEnd();
        return transaction;
    }

    /**
     * Asks what became of a transaction, whoever began it, without any influence on it.
     *
     * @return empty while it is not decided
     * @throws OutcomeUnknownException if no coordinator answered in time, or the outcome is no longer remembered
     */
    public Optional<Outcome> outcome(Xid xid) {
        return transactions.outcome(xid);
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
