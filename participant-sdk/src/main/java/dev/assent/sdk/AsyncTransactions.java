package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Xid;
import dev.assent.sdk.GlobalTransaction.Part;
import dev.assent.sdk.internal.propagation.Carried;
import dev.assent.sdk.internal.propagation.Origin;
import dev.assent.sdk.internal.propagation.RunningTasks;
import io.grpc.Context;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous door: no thread is parked between the beginning and the end. A transaction ends when the stage of its
 * work completes, or when its own timeout has passed, whichever is first: a stage that nobody ever completes must not keep
 * whoever waits for the outcome.
 */
final class AsyncTransactions {
    private static final AbortCause OVERDUE = AbortCause.of(
            AbortCause.Kind.TIMEOUT, "the stage of its work was not completed before the timeout had passed");

    private final Transactions transactions;
    private final Endings endings;

    AsyncTransactions(Transactions transactions) {
        this.transactions = transactions;
        this.endings = transactions.endings();
    }

    <T extends @Nullable Object> CompletionStage<Receipt<T>> transact(
            TransactionOptions options, AsyncTransactionalWork<T> work) {
        try {
            return switch (Entry.at(options.propagation())) {
                case BEGIN -> begin(options, work);
                case JOIN -> join(GlobalTransaction.required(), work);
                case PLAIN -> {
                    GlobalTransaction none = new GlobalTransaction(null, new Part.None(true));
                    yield receipt(started(none, work), Optional.empty());
                }
            };
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    // ---- inside another one, or in none ----

    private static <T extends @Nullable Object> CompletionStage<Receipt<T>> join(
            GlobalTransaction around, AsyncTransactionalWork<T> work) {
        RunningTasks.Task task = around.scope().taskStarted("asynchronous work that joined it at " + Origin.ofCaller());
        CompletableFuture<T> joined = new CompletableFuture<>();
        CompletableFuture<T> unused = started(around, work).whenComplete((value, failure) -> {
            if (failure != null) {
                around.setRollbackOnly(Transactions.joinedFailed(failure));
            }
            // Before anybody hears of its end, who may ask for the commit at once.
            task.ended();
            pass(value, failure, joined);
        });
        return receipt(joined, Optional.of(around.xid()));
    }

    private static <T extends @Nullable Object> CompletionStage<Receipt<T>> receipt(
            CompletableFuture<T> running, Optional<Xid> transaction) {
        CompletableFuture<Receipt<T>> seen = new CompletableFuture<>();
        CompletableFuture<T> unused = running.whenComplete((value, failure) -> {
            if (failure == null) {
                seen.complete(new Receipt<>(value, transaction, false, List.of()));
            } else {
                seen.completeExceptionally(failure);
            }
        });
        return seen;
    }

    /** Starts the work; fails with what it, or its stage, failed with, as it was. */
    private static <T extends @Nullable Object> CompletableFuture<T> started(
            GlobalTransaction transaction, AsyncTransactionalWork<T> work) {
        CompletableFuture<T> running = new CompletableFuture<>();
        try (GlobalTransaction.Binding binding = transaction.bind()) {
            CompletionStage<T> stage =
                    Objects.requireNonNull(work.run(transaction), "asynchronous work must return a stage, not null");
            CompletionStage<T> unused = stage.whenComplete((value, failure) -> pass(value, failure, running));
        } catch (Exception | Error e) {
            running.completeExceptionally(e);
        }
        return running;
    }

    private static <T extends @Nullable Object> void pass(
            T value, @Nullable Throwable failure, CompletableFuture<T> to) {
        if (failure == null) {
            to.complete(value);
        } else {
            to.completeExceptionally(Endings.unwrapped(failure));
        }
    }

    // ---- a transaction of its own ----

    private <T extends @Nullable Object> CompletionStage<Receipt<T>> begin(
            TransactionOptions options, AsyncTransactionalWork<T> work) {
        CompletableFuture<GlobalTransaction> begun = transactions.begin(options, true);
        CompletableFuture<Receipt<T>> seen = new CompletableFuture<>();
        if (begun.isDone()) {
            // No hop where none is needed: a number is nearly always at hand.
            runOwn(begun, work, seen);
            return seen;
        }
        Carried here = Carried.with(Context.current());
        CompletableFuture<GlobalTransaction> unused = begun.whenCompleteAsync(
                (transaction, failure) -> {
                    try (Carried.Entry entry = here.enter()) {
                        runOwn(begun, work, seen);
                    }
                },
                endings.callbacks());
        return seen;
    }

    private <T extends @Nullable Object> void runOwn(
            CompletableFuture<GlobalTransaction> begun,
            AsyncTransactionalWork<T> work,
            CompletableFuture<Receipt<T>> seen) {
        GlobalTransaction transaction;
        try {
            transaction = begun.join();
        } catch (RuntimeException e) {
            seen.completeExceptionally(Endings.unwrapped(e));
            return;
        }
        CompletableFuture<T> running = started(transaction, work);
        AtomicBoolean hasEnded = new AtomicBoolean();
        CompletableFuture<T> unused = running.whenComplete((value, failure) -> {
            if (!hasEnded.compareAndSet(false, true)) {
                return;
            }
            if (failure == null) {
                commit(transaction, value, seen);
            } else {
                rollBack(transaction, failure, seen);
            }
        });
        if (!running.isDone()) {
            watch(transaction, running, hasEnded, seen);
        }
    }

    private <T extends @Nullable Object> void watch(
            GlobalTransaction transaction,
            CompletableFuture<T> running,
            AtomicBoolean hasEnded,
            CompletableFuture<Receipt<T>> seen) {
        // A dependent of the work's, so that the timer goes with the work when that is in time.
        CompletableFuture<Boolean> inTime = running.handle((value, failure) -> true)
                .completeOnTimeout(false, Math.max(1, transaction.remaining().toNanos()), TimeUnit.NANOSECONDS);
        CompletableFuture<Void> unused = inTime.thenAccept(isInTime -> {
            if (!isInTime && hasEnded.compareAndSet(false, true)) {
                timeOut(transaction, seen);
            }
        });
    }

    private <T extends @Nullable Object> void commit(
            GlobalTransaction transaction, T value, CompletableFuture<Receipt<T>> seen) {
        transaction.claimOnce();
        CompletionStage<Receipt<T>> unused = endings.outside(
                        endings.commit(transaction),
                        ended -> new Receipt<>(value, Optional.of(transaction.xid()), true, endings.told(ended)))
                .whenComplete((receipt, failure) -> pass(receipt, failure, seen));
    }

    private <T extends @Nullable Object> void rollBack(
            GlobalTransaction transaction, Throwable failure, CompletableFuture<Receipt<T>> seen) {
        transaction.claimOnce();
        CompletionStage<TransactionAbortedException> unused = endings.outside(
                        endings.abandon(transaction, failure), Ended::abort)
                .whenComplete((aborted, unforeseen) -> {
                    failure.addSuppressed(unforeseen == null ? aborted : unforeseen);
                    seen.completeExceptionally(failure);
                });
    }

    private <T extends @Nullable Object> void timeOut(
            GlobalTransaction transaction, CompletableFuture<Receipt<T>> seen) {
        transaction.claimOnce();
        CompletionStage<TransactionAbortedException> unused = endings.outside(
                        endings.abort(transaction, OVERDUE), Ended::abort)
                .whenComplete(
                        (aborted, unforeseen) -> seen.completeExceptionally(unforeseen == null ? aborted : unforeseen));
    }
}
