package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.sdk.GlobalTransaction.Part;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.initiator.BegunXid;
import dev.assent.sdk.internal.initiator.InitiatorShell;
import dev.assent.sdk.internal.propagation.TransactionScope;
import dev.assent.sdk.internal.propagation.TransactionScope.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The one engine behind all doors: brings work into its transaction, by {@link Entry}, and ends what it began, by {@link
 * Endings}. {@link AsyncTransactions} is the same for work that goes on after it has returned.
 */
final class Transactions {
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final Endings.Shells shells;
    private final Patience patience;
    private final FaultSeam faults;
    private final Endings endings;

    /**
     * How long callers wait.
     *
     * @param begin for a number
     * @param outcome for the answer to a commit, and to a question
     */
    record Patience(Duration begin, Duration outcome) {}

    Transactions(Endings.Shells shells, Patience patience, FaultSeam faults, Endings endings) {
        this.shells = shells;
        this.patience = patience;
        this.faults = faults;
        this.endings = endings;
    }

    Endings endings() {
        return endings;
    }

    // ---- doors ----

    <T extends @Nullable Object, X extends Exception> Receipt<T> transact(
            TransactionOptions options, TransactionalWork<T, X> work) throws X {
        return switch (Entry.at(options.propagation())) {
            case BEGIN -> inOwn(beginAndWait(options, true), work);
            case JOIN -> joining(GlobalTransaction.required(), work);
            case PLAIN -> {
                GlobalTransaction none = new GlobalTransaction(null, new Part.None(true));
                try (GlobalTransaction.Binding binding = none.bind()) {
                    yield new Receipt<>(work.run(none), Optional.empty(), false, List.of());
                }
            }
        };
    }

    private <T extends @Nullable Object, X extends Exception> Receipt<T> inOwn(
            GlobalTransaction transaction, TransactionalWork<T, X> work) throws X {
        T value;
        try (GlobalTransaction.Binding binding = transaction.bind()) {
            value = work.run(transaction);
        } catch (Throwable e) {
            transaction.claimOnce();
            e.addSuppressed(endings.awaitAbort(transaction, endings.abandon(transaction, e)));
            throw e;
        }
        transaction.claimOnce();
        List<BranchId> pending = endings.await(transaction, endings.commit(transaction));
        return new Receipt<>(value, Optional.of(transaction.xid()), true, pending);
    }

    private static <T extends @Nullable Object, X extends Exception> Receipt<T> joining(
            GlobalTransaction around, TransactionalWork<T, X> work) throws X {
        try {
            return new Receipt<>(work.run(around), Optional.of(around.xid()), false, List.of());
        } catch (Throwable e) {
            around.scope().forbidUnlessUndone(joinedFailed(e));
            throw e;
        }
    }

    static String joinedFailed(Throwable failure) {
        return "work that had joined the transaction failed: " + failure;
    }

    /** The manual door: bound to the thread until it is ended there. */
    GlobalTransaction begin(TransactionOptions options) {
        GlobalTransaction transaction = switch (Entry.at(options.propagation())) {
            case BEGIN -> beginAndWait(options, false);
            case JOIN -> {
                GlobalTransaction whole = GlobalTransaction.required();
                yield new GlobalTransaction(whole.scope(), new Part.Joined(whole));
            }
            case PLAIN -> new GlobalTransaction(null, new Part.None(false));
        };
        return transaction.bindUntilEnd();
    }

    // ---- beginning ----

    private GlobalTransaction beginAndWait(TransactionOptions options, boolean endsItself) {
        CompletableFuture<GlobalTransaction> begun = begin(options, endsItself);
        try {
            return Endings.get(begun);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            AbortCause cause = AbortCause.of(AbortCause.Kind.ROLLED_BACK, "nobody waits for it any more");
            CompletableFuture<Ended> unused = begun.thenCompose(nobodys -> endings.abort(nobodys, cause));
            throw new CoordinatorUnavailableException("Interrupted while beginning a transaction", e);
        }
    }

    /** Completed at once if a number is at hand; fails with {@link CoordinatorUnavailableException}. */
    CompletableFuture<GlobalTransaction> begin(TransactionOptions options, boolean endsItself) {
        CompletableFuture<Optional<InitiatorShell>> shell = shells.made().thenApply(Optional::of);
        return Endings.within(shell, patience.begin, Optional.empty())
                .thenCompose(made -> made.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.<BegunXid>empty())
                        : number(made.get(), options.timeout()))
                .thenApply(begun -> begun(begun.orElseThrow(this::unavailable), options, endsItself));
    }

    private CompletableFuture<Optional<BegunXid>> number(InitiatorShell shell, Duration timeout) {
        // The shell gives up after this patience by itself; what it begins after ours is rolled back.
        return Endings.within(shell.begin(timeout, patience.begin), patience.begin.plus(SLACK), Optional.empty());
    }

    private GlobalTransaction begun(BegunXid xid, TransactionOptions options, boolean endsItself) {
        faults.at(FaultPoint.BEGIN_SENT);
        TransactionScope scope = new TransactionScope(new Identity(xid::fix, ""), options.timeout());
        return new GlobalTransaction(scope, new Part.Begun(endings, options, endsItself));
    }

    private CoordinatorUnavailableException unavailable() {
        return new CoordinatorUnavailableException(
                "No transaction could be begun within " + patience.begin.toMillis() + " ms: " + shells.whyUnreachable(),
                null);
    }
}
