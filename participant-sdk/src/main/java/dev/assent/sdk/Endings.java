package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.sdk.annotation.AnswerWhen;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.initiator.InitiatorShell;
import dev.assent.sdk.internal.propagation.TransactionScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way in which transactions end, whichever door they came in by.
 *
 * <p>A commit goes: no more work is taken; the account must allow it (no call failed or open, no work still running); the
 * coordinator must know of every branch used here; then it is asked for, and whoever waits is told the answer that stands
 * for ever. Whatever stops it before the commit was asked for is an abort for certain, whether or not the rollback reaches
 * anybody: an undecided transaction aborts by itself. Whatever stops it afterwards proves nothing.
 *
 * <p>Everything is event-driven; a blocking door parks its thread once, on the future of the end. These futures are
 * completed by the SDK's session and timer threads, so nothing of the application may depend on them: stages that it
 * sees are completed on the executor of callbacks.
 */
final class Endings {
    private static final Logger log = LoggerFactory.getLogger(Endings.class);
    private static final Duration ROLLBACK_PATIENCE = Duration.ofSeconds(5);
    private static final AbortCause UNACKNOWLEDGED = AbortCause.of(
            AbortCause.Kind.TIMEOUT, "the coordinator did not acknowledge a branch of this process in time");

    private final Shells shells;
    private final Duration patience;
    private final FaultSeam faults;
    private final Executor callbacks;

    /** The initiator's shell, once the cluster is known. */
    interface Shells {
        /** Never completed if no node is ever reached; the caller's own, who may give it up. */
        CompletableFuture<InitiatorShell> made();

        /** The same without waiting. */
        Optional<InitiatorShell> known();

        /** Why nothing can be reached, for people. */
        String whyUnreachable();
    }

    /**
     * @param patience how long the answer to a commit or a question is waited for
     * @param callbacks runs what the application does about an end
     */
    Endings(Shells shells, Duration patience, FaultSeam faults, Executor callbacks) {
        this.shells = shells;
        this.patience = patience;
        this.faults = faults;
        this.callbacks = callbacks;
    }

    Executor callbacks() {
        return callbacks;
    }

    // ---- without blocking ----

    CompletableFuture<Ended> commit(GlobalTransaction transaction) {
        TransactionScope scope = transaction.scope();
        CompletableFuture<Optional<String>> enlisted = scope.close("its end was asked for");
        Optional<String> forbidden = scope.forbidden();
        if (forbidden.isPresent()) {
            return abort(transaction, cannotCommit(forbidden.get()));
        }
        // Asked again: work on another thread may have failed meanwhile.
        CompletableFuture<Optional<AbortCause>> obstacle =
                enlisted.thenApply(why -> why.or(scope::forbidden).map(Endings::cannotCommit));
        return within(obstacle, scope.remaining(), Optional.of(UNACKNOWLEDGED))
                .thenCompose(cause -> cause.isPresent() ? abort(transaction, cause.get()) : ask(transaction));
    }

    private CompletableFuture<Ended> ask(GlobalTransaction transaction) {
        TransactionScope scope = transaction.scope();
        Xid xid = scope.xid();
        if (!transaction.claimCommit()) {
            return CompletableFuture.completedFuture(Ended.unanswered(xid, "the commit was called off"));
        }
        scope.leave(Optional.empty());
        CompletableFuture<Answer> answer = initiator(xid).commit(xid, mode(transaction), scope.sums());
        List<Runnable> afterwards = scope.afterCommit();
        if (!afterwards.isEmpty()) {
            CompletableFuture<Void> unused = answer.thenAccept(told -> runAfterCommit(told, afterwards));
        }
        return within(answer.thenApply(told -> Ended.answered(xid, told)), patience, Ended.unanswered(xid, ""))
                .thenApply(this::explained);
    }

    private void runAfterCommit(Answer told, List<Runnable> afterwards) {
        if (told instanceof Answer.Committed) {
            callbacks.execute(() -> afterwards.forEach(Runnable::run));
        }
    }

    private static AnswerMode mode(GlobalTransaction transaction) {
        boolean isEarly = transaction.part() instanceof GlobalTransaction.Part.Begun begun
                && begun.options().answerWhen() == AnswerWhen.DECIDED;
        return isEarly ? AnswerMode.AFTER_DECISION : AnswerMode.AFTER_APPLY;
    }

    /** Rolls back what was never asked to commit. */
    CompletableFuture<Ended> abort(GlobalTransaction transaction, AbortCause cause) {
        TransactionScope scope = transaction.scope();
        String why = cause.detail().isEmpty() ? "the transaction rolls back" : cause.detail();
        CompletableFuture<Optional<String>> unused = scope.close(why);
        scope.leave(Optional.of(why));
        Xid xid = scope.xid();
        CompletableFuture<Ended> answered =
                initiator(xid).rollback(xid, cause).thenApply(told -> rolledBack(xid, told, cause));
        return within(answered, ROLLBACK_PATIENCE, Ended.aborted(xid, cause));
    }

    private static Ended rolledBack(Xid xid, Answer told, AbortCause cause) {
        if (told instanceof Answer.Aborted aborted) {
            // An abort is not remembered: if the coordinator's timer was first, only this side still knows why.
            boolean knowsWhy = aborted.cause().kind() != AbortCause.Kind.NOT_KNOWN;
            return knowsWhy ? Ended.answered(xid, told) : Ended.aborted(xid, cause);
        }
        log.warn("Transaction {} rolls back, and the coordinator says {}", xid, told);
        return Ended.aborted(xid, cause);
    }

    /** Rolls back because the work failed. */
    CompletableFuture<Ended> abandon(GlobalTransaction transaction, Throwable failure) {
        // The first cause: a call that failed explains the exception better than the exception itself.
        return abort(
                transaction,
                transaction
                        .scope()
                        .forbidden()
                        .map(Endings::cannotCommit)
                        .orElseGet(() -> AbortCause.of(AbortCause.Kind.ROLLED_BACK, "its work failed: " + failure)));
    }

    private static AbortCause cannotCommit(String why) {
        return AbortCause.of(AbortCause.Kind.CALL_FAILED, why);
    }

    /** As the application sees it: completed on the executor of callbacks, and failing with what the blocking door throws. */
    <T extends @Nullable Object> CompletionStage<T> outside(
            CompletableFuture<Ended> ending, Function<Ended, T> meaning) {
        CompletableFuture<T> seen = new CompletableFuture<>();
        CompletableFuture<Ended> unused = ending.whenCompleteAsync(
                (ended, failure) -> {
                    if (failure != null) {
                        seen.completeExceptionally(unwrapped(failure));
                        return;
                    }
                    try {
                        seen.complete(meaning.apply(ended));
                    } catch (RuntimeException e) {
                        seen.completeExceptionally(e);
                    }
                },
                callbacks);
        return seen;
    }

    /** A failure as it was before stages wrapped it. */
    static Throwable unwrapped(Throwable failure) {
        Throwable inner = failure;
        while (inner instanceof CompletionException && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }

    // ---- for a thread that may wait, and for the executor of callbacks ----

    /** What the application is told. */
    List<BranchId> told(Ended ended) {
        faults.at(FaultPoint.OUTCOME_BEFORE_RETURN);
        return ended.pending();
    }

    List<BranchId> await(GlobalTransaction transaction, CompletableFuture<Ended> ending) {
        try {
            return told(get(ending));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!transaction.claimCommit()) {
                throw OutcomeUnknownException.unanswered(
                        transaction.xid(), "interrupted while waiting for the commit", e);
            }
            AbortCause cause = AbortCause.of(AbortCause.Kind.ROLLED_BACK, "its thread was interrupted");
            CompletableFuture<Ended> unused = abort(transaction, cause);
            throw new TransactionAbortedException(transaction.xid(), cause, e);
        }
    }

    TransactionAbortedException awaitAbort(GlobalTransaction transaction, CompletableFuture<Ended> ending) {
        try {
            return get(ending).abort();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            AbortCause cause = AbortCause.of(AbortCause.Kind.ROLLED_BACK, "its thread was interrupted");
            return new TransactionAbortedException(transaction.xid(), cause, null);
        }
    }

    Optional<Outcome> outcome(Xid xid) {
        CompletableFuture<Optional<Ended>> asked = shells.made()
                .thenCompose(shell -> shell.outcome(xid))
                .thenApply(answer -> answer.map(told -> Ended.answered(xid, told)));
        try {
            return get(within(asked, patience, Optional.of(Ended.unanswered(xid, ""))))
                    .map(ended -> explained(ended).outcome());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OutcomeUnknownException.unanswered(xid, "interrupted while asking", e);
        }
    }

    private Ended explained(Ended ended) {
        return ended.answer().isPresent() || !ended.whyUnanswered().isEmpty()
                ? ended
                : Ended.unanswered(
                        ended.xid(),
                        "no answer within " + patience.toMillis() + " ms (" + shells.whyUnreachable() + ")");
    }

    private InitiatorShell initiator(Xid xid) {
        return shells.known().orElseThrow(() -> new IllegalStateException("transaction " + xid + " began nowhere"));
    }

    /** Completed with this value if nothing comes in time. The future must be the caller's own. */
    static <T> CompletableFuture<T> within(CompletableFuture<T> mine, Duration atMost, T otherwise) {
        // A timer for each would be paid for by all that are answered at once.
        return mine.isDone()
                ? mine
                : mine.completeOnTimeout(otherwise, Math.max(1, atMost.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** Waits; what the future failed with is thrown as it was. */
    static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable failure = unwrapped(e.getCause() == null ? e : e.getCause());
            if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            } else if (failure instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a future of the SDK failed in an unforeseen way", failure);
        }
    }
}
