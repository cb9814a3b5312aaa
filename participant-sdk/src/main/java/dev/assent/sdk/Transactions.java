package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.initiator.BegunXid;
import dev.assent.sdk.internal.initiator.InitiatorShell;
import dev.assent.sdk.internal.propagation.TransactionScope;
import dev.assent.sdk.internal.propagation.TransactionScope.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one engine behind all doors: begins, ends, and says by type of exception what happened.
 *
 * <p>A commit goes: no more work is taken; the account must allow it (no call failed or open); the coordinator must know of
 * every branch used here; then it is asked for, and whoever waits is told the answer that stands for ever. Whatever stops
 * it before the commit was asked for is an abort for certain, whether or not the rollback reaches anybody: an undecided
 * transaction aborts by itself. Whatever stops it afterwards proves nothing.
 */
final class Transactions {
    private static final Logger log = LoggerFactory.getLogger(Transactions.class);
    private static final Duration ROLLBACK_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final Shells shells;
    private final Patience patience;
    private final FaultSeam faults;

    /** The initiator's shell, once the cluster is known. */
    interface Shells {
        /** Empty if no node was reached in time. */
        Optional<InitiatorShell> await(Duration atMost) throws InterruptedException;

        /** The same without waiting. */
        Optional<InitiatorShell> known();

        /** Why nothing can be reached, for people. */
        String whyUnreachable();
    }

    /**
     * How long callers wait.
     *
     * @param begin for a number
     * @param outcome for the answer to a commit, and to a question
     */
    record Patience(Duration begin, Duration outcome) {}

    Transactions(Shells shells, Patience patience, FaultSeam faults) {
        this.shells = shells;
        this.patience = patience;
        this.faults = faults;
    }

    GlobalTransaction begin(TransactionOptions options, boolean endsItself) {
        if (GlobalTransaction.current().isPresent()) {
            throw new IllegalStateException("this thread works in transaction "
                    + GlobalTransaction.current().get().xid() + " already; transact(…) would join it");
        }
        BegunXid xid = begunWithin(options.timeout());
        faults.at(FaultPoint.BEGIN_SENT);
        TransactionScope scope = new TransactionScope(new Identity(xid::fix, ""), options.timeout());
        return GlobalTransaction.begun(scope, this, options, endsItself);
    }

    private BegunXid begunWithin(Duration timeout) {
        CompletableFuture<Optional<BegunXid>> begun = null;
        try {
            InitiatorShell initiator = shells.await(patience.begin).orElseThrow(this::unavailable);
            begun = initiator.begin(timeout, patience.begin);
            return get(begun, patience.begin.plus(SLACK)).orElseThrow(this::unavailable);
        } catch (TimeoutException e) {
            throw unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CoordinatorUnavailableException("Interrupted while beginning a transaction", e);
        } finally {
            if (begun != null) {
                // Has no effect on one that is done; one that comes later is rolled back.
                begun.cancel(false);
            }
        }
    }

    private CoordinatorUnavailableException unavailable() {
        return new CoordinatorUnavailableException(
                "No transaction could be begun within " + patience.begin.toMillis() + " ms: " + shells.whyUnreachable(),
                null);
    }

    // ---- the end ----

    List<BranchId> commit(GlobalTransaction transaction) {
        TransactionScope scope = transaction.scope();
        Optional<AbortCause> obstacle = obstacle(scope);
        if (obstacle.isPresent()) {
            throw abort(transaction, obstacle.get(), null);
        }
        scope.leave(Optional.empty());
        AnswerMode mode = transaction.options().answerWhen() == TransactionOptions.AnswerWhen.DECIDED
                ? AnswerMode.AFTER_DECISION
                : AnswerMode.AFTER_APPLY;
        Xid xid = scope.xid();
        Answer answer = answer(xid, initiator(xid).commit(xid, mode, scope.sums()));
        faults.at(FaultPoint.OUTCOME_BEFORE_RETURN);
        return told(xid, answer);
    }

    /** What forbids the commit, before it is asked for. */
    private Optional<AbortCause> obstacle(TransactionScope scope) {
        CompletableFuture<Optional<String>> enlisted = scope.close("its end was asked for");
        Optional<String> forbidden = scope.forbidden();
        if (forbidden.isPresent()) {
            return forbidden.map(why -> AbortCause.of(AbortCause.Kind.CALL_FAILED, why));
        }
        try {
            return get(enlisted, scope.remaining()).map(why -> AbortCause.of(AbortCause.Kind.CALL_FAILED, why));
        } catch (TimeoutException e) {
            return Optional.of(AbortCause.of(
                    AbortCause.Kind.TIMEOUT, "the coordinator did not acknowledge a branch of this process in time"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(AbortCause.of(AbortCause.Kind.ROLLED_BACK, "its thread was interrupted"));
        }
    }

    void rollback(GlobalTransaction transaction, String why) {
        TransactionAbortedException aborted = abort(transaction, AbortCause.of(AbortCause.Kind.ROLLED_BACK, why), null);
        log.debug("{}", aborted.getMessage());
    }

    /** Rolls back because the work failed; the abort is attached to its exception, which is never lost. */
    void abandon(GlobalTransaction transaction, Throwable failure) {
        // The first cause: a call that failed explains the exception better than the exception itself.
        AbortCause cause = transaction
                .scope()
                .forbidden()
                .map(why -> AbortCause.of(AbortCause.Kind.CALL_FAILED, why))
                .orElseGet(() -> AbortCause.of(AbortCause.Kind.ROLLED_BACK, "its work failed: " + failure));
        failure.addSuppressed(abort(transaction, cause, null));
    }

    /** Rolls back what was never asked to commit, and gives the first cause of the abort, as far as it is known. */
    TransactionAbortedException abort(GlobalTransaction transaction, AbortCause cause, @Nullable Throwable local) {
        TransactionScope scope = transaction.scope();
        String why = cause.detail().isEmpty() ? "the transaction rolls back" : cause.detail();
        scope.close(why);
        scope.leave(Optional.of(why));
        Xid xid = scope.xid();
        try {
            Answer answer = get(initiator(xid).rollback(xid, cause), ROLLBACK_PATIENCE);
            if (answer instanceof Answer.Aborted aborted) {
                return new TransactionAbortedException(xid, aborted.cause(), local);
            }
            log.warn("Transaction {} rolls back, and the coordinator says {}", xid, answer);
        } catch (TimeoutException e) {
            log.debug("Transaction {} rolls back by itself: the coordinator does not answer", xid);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new TransactionAbortedException(xid, cause, local);
    }

    Optional<Outcome> outcome(Xid xid) {
        try {
            InitiatorShell initiator = shells.await(patience.outcome)
                    .orElseThrow(() -> OutcomeUnknownException.unanswered(xid, shells.whyUnreachable(), null));
            Optional<Answer> answer = get(initiator.outcome(xid), patience.outcome);
            return answer.isEmpty() ? Optional.empty() : Optional.of(outcome(xid, answer.get()));
        } catch (TimeoutException e) {
            throw unanswered(xid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OutcomeUnknownException.unanswered(xid, "interrupted while asking", e);
        }
    }

    private static Outcome outcome(Xid xid, Answer answer) {
        if (answer instanceof Answer.Committed) {
            return Outcome.COMMITTED;
        } else if (answer instanceof Answer.Aborted) {
            return Outcome.ABORTED;
        } else if (answer instanceof Answer.Mixed) {
            return Outcome.MIXED;
        } else if (answer instanceof Answer.Hazard) {
            return Outcome.HAZARD;
        }
        throw unknown(xid, answer);
    }

    private static List<BranchId> told(Xid xid, Answer answer) {
        if (answer instanceof Answer.Committed committed) {
            return committed.unacknowledged();
        } else if (answer instanceof Answer.Aborted aborted) {
            throw new TransactionAbortedException(xid, aborted.cause(), null);
        } else if (answer instanceof Answer.Mixed mixed) {
            throw new HeuristicOutcomeException(xid, Outcome.MIXED, mixed.branches());
        } else if (answer instanceof Answer.Hazard hazard) {
            throw new HeuristicOutcomeException(xid, Outcome.HAZARD, hazard.branches());
        }
        throw unknown(xid, answer);
    }

    private static OutcomeUnknownException unknown(Xid xid, Answer answer) {
        if (answer instanceof Answer.OutcomeExpired) {
            return OutcomeUnknownException.expired(xid);
        }
        String why = answer instanceof Answer.Refused refused
                ? "the coordinator refuses the question: " + refused.reason() + " " + refused.detail()
                : "the coordinator says " + answer;
        return OutcomeUnknownException.unanswered(xid, why.strip(), null);
    }

    private Answer answer(Xid xid, CompletableFuture<Answer> asked) {
        try {
            return get(asked, patience.outcome);
        } catch (TimeoutException e) {
            throw unanswered(xid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OutcomeUnknownException.unanswered(xid, "interrupted while waiting for the commit", e);
        }
    }

    private OutcomeUnknownException unanswered(Xid xid, TimeoutException cause) {
        return OutcomeUnknownException.unanswered(
                xid,
                "no answer within " + patience.outcome.toMillis() + " ms (" + shells.whyUnreachable() + ")",
                cause);
    }

    private InitiatorShell initiator(Xid xid) {
        return shells.known().orElseThrow(() -> new IllegalStateException("transaction " + xid + " began nowhere"));
    }

    private static <T> T get(CompletableFuture<T> future, Duration atMost)
            throws TimeoutException, InterruptedException {
        try {
            return future.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException("a future of the SDK failed, which none ever does", e);
        }
    }
}
