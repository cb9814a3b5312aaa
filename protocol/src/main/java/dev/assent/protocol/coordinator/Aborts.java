package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Surroundings.answer;
import static dev.assent.protocol.coordinator.Surroundings.refuse;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Append;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.coordinator.ToldBranch.Progress;
import dev.assent.protocol.coordinator.Transaction.Aborting;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Presumed abort: nothing is logged, callers are answered at once, and branches are told for a while; whoever was not
 * reached asks and hears ABORT.
 */
final class Aborts {
    private Aborts() {}

    /** Aborts an undecided transaction. */
    static Step abort(
            Xid xid, List<EnlistedBranch> branches, AbortCause cause, List<Waiter> waiters, Surroundings around) {
        List<Effect> effects = new ArrayList<>();
        waiters.forEach(w -> effects.add(new Reply(w.request(), around.aborted(xid, cause))));
        List<ToldBranch> told = branches.stream()
                .filter(b -> !b.hasVoted() || b.votedYes())
                .map(b -> ToldBranch.told(b.id(), b.votedYes()))
                .map(b -> isFreedByLoss(b, around) ? b.with(Progress.ACKNOWLEDGED) : b)
                .toList();
        Aborting next = new Aborting(
                xid,
                told,
                cause,
                around.nowNanos() + around.settings().abortPatienceNanos(),
                Retry.first(around.settings().retryNanos(), around.nowNanos()));
        return settle(next).after(withTold(effects, next, b -> true, 0, around));
    }

    static Step whileAborting(Aborting tx, TransactionInput input, Surroundings around) {
        if (input instanceof TransactionInput.Reported reported) {
            return report(tx, reported);
        } else if (input instanceof TransactionInput.Voted voted) {
            return vote(tx, voted);
        } else if (input instanceof TransactionInput.Woken) {
            return wake(tx, around);
        } else if (input instanceof TransactionInput.InstanceLost lost) {
            Aborting next = update(tx, b -> isFreedByLoss(b, around) ? b.with(Progress.ACKNOWLEDGED) : b);
            return settle(next)
                    .after(withTold(
                            new ArrayList<>(), next, b -> b.id().instance().equals(lost.instance()), 0, around));
        } else if (input instanceof TransactionInput.InstanceBack back) {
            return Step.to(tx, withTold(new ArrayList<>(), tx, b -> mayServe(b, back.instance(), around), 0, around));
        } else if (input instanceof TransactionInput.BranchClosed closed) {
            return settle(acknowledged(tx, closed.branch()));
        } else if (input instanceof TransactionInput.Enlisted enlisted) {
            return Step.to(tx, refuse(enlisted.instance(), tx.xid(), enlisted.branch(), Command.Refusal.ABORTED));
        } else if (input instanceof TransactionInput.Asked asked) {
            return Step.to(tx, answer(asked.instance(), tx.xid(), asked.branch(), Command.Verdict.ABORT));
        } else if (input instanceof TransactionInput.CommitWanted commit) {
            return Step.to(tx, new Reply(commit.request(), around.aborted(tx.xid(), tx.cause())));
        } else if (input instanceof TransactionInput.RollbackWanted rollback) {
            return Step.to(tx, new Reply(rollback.request(), around.aborted(tx.xid(), tx.cause())));
        } else if (input instanceof TransactionInput.OutcomeWanted wanted) {
            return Step.to(tx, new Reply(wanted.request(), around.aborted(tx.xid(), tx.cause())));
        } else if (input instanceof TransactionInput.Begun begun) {
            return Step.to(tx, Surroundings.staleBegin(begun.request(), tx.xid()));
        }
        throw new AssertionError("impossible while ABORTING: " + input + " of " + tx.xid());
    }

    private static Step report(Aborting tx, TransactionInput.Reported reported) {
        if (reported.report() == BranchReport.DONE) {
            // Another instance cannot free the locks of an open local transaction: it says "nothing there" of it.
            boolean isOwner = reported.branch().instance().equals(reported.instance());
            return settle(update(
                    tx,
                    b -> b.id().equals(reported.branch()) && (isOwner || b.hasVoted()) && b.isAwaited()
                            ? b.with(Progress.ACKNOWLEDGED)
                            : b));
        }
        boolean isNew =
                tx.branches().stream().anyMatch(b -> b.id().equals(reported.branch()) && b.progress() == Progress.TOLD);
        if (reported.report() == BranchReport.FOUND_COMMITTED && isNew) {
            Aborting next = update(tx, b -> b.id().equals(reported.branch()) ? b.with(Progress.CONTRADICTS) : b);
            return Step.to(
                    next,
                    new Append(new LogRecord.HeuristicFound(tx.xid(), reported.branch(), HeuristicKind.COMMITTED)));
        }
        return Step.to(tx);
    }

    /** A NO or READ_ONLY says that nothing is left to roll back; a YES that any instance may do it. */
    private static Step vote(Aborting tx, TransactionInput.Voted voted) {
        if (voted.vote() instanceof Vote.Yes) {
            Aborting next =
                    update(tx, b -> b.id().equals(voted.branch()) ? new ToldBranch(b.id(), b.progress(), true) : b);
            return Step.to(next, answer(voted.instance(), tx.xid(), voted.branch(), Command.Verdict.ABORT));
        }
        return settle(acknowledged(tx, voted.branch()));
    }

    private static Step wake(Aborting tx, Surroundings around) {
        if (around.nowNanos() >= tx.untilNanos()) {
            return Step.over(List.of());
        }
        if (!tx.retry().isDue(around.nowNanos())) {
            return Step.to(tx);
        }
        List<Effect> effects =
                withTold(new ArrayList<>(), tx, b -> true, tx.retry().attempts(), around);
        Retry retry = tx.retry().again(tx.xid(), around.settings().retryNanos(), around.nowNanos());
        return Step.to(new Aborting(tx.xid(), tx.branches(), tx.cause(), tx.untilNanos(), retry), effects);
    }

    private static Step settle(Aborting tx) {
        return tx.isDone() ? Step.over(List.of()) : Step.to(tx);
    }

    private static List<Effect> withTold(
            List<Effect> effects, Aborting tx, Predicate<ToldBranch> which, int earlierAttempts, Surroundings around) {
        for (ToldBranch branch : tx.branches()) {
            if (branch.progress() == Progress.TOLD && which.test(branch)) {
                int attempts = branch.hasVoted() ? earlierAttempts : 0;
                effects.addAll(around.tell(branch.id(), new Command.AbortBranch(tx.xid(), branch.id()), attempts));
            }
        }
        return effects;
    }

    /** Whether its owner's death has freed the locks: it had not voted, so the database rolled it back. */
    private static boolean isFreedByLoss(ToldBranch branch, Surroundings around) {
        return !branch.hasVoted()
                && branch.isAwaited()
                && around.instances().isLost(branch.id().instance());
    }

    private static boolean mayServe(ToldBranch branch, InstanceId instance, Surroundings around) {
        InstanceId owner = branch.id().instance();
        return owner.equals(instance)
                || (branch.hasVoted()
                        && around.instances().isLost(owner)
                        && around.instances().serves(instance, branch.id().resource()));
    }

    private static Aborting acknowledged(Aborting tx, BranchId branch) {
        return update(tx, b -> b.id().equals(branch) ? b.with(Progress.ACKNOWLEDGED) : b);
    }

    private static Aborting update(Aborting tx, UnaryOperator<ToldBranch> change) {
        return new Aborting(
                tx.xid(), tx.branches().stream().map(change).toList(), tx.cause(), tx.untilNanos(), tx.retry());
    }
}
