package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Surroundings.acknowledge;
import static dev.assent.protocol.coordinator.Surroundings.answer;
import static dev.assent.protocol.coordinator.Surroundings.refuse;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.AbortCause.Kind;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.CallSums.BranchCalls;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Append;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.coordinator.Effect.Send;
import dev.assent.protocol.coordinator.Transaction.Active;
import dev.assent.protocol.coordinator.Transaction.Deciding;
import dev.assent.protocol.coordinator.Transaction.Ending;
import dev.assent.protocol.coordinator.Transaction.Preparing;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Phase one: from the first branch to the decision, which exists once its record is applied and stood. */
final class Voting {
    private Voting() {}

    static Step whileActive(Active tx, TransactionInput input, Surroundings around) {
        if (input instanceof TransactionInput.Begun begun) {
            return Step.to(
                    tx, new Reply(begun.request(), new Answer.Begun(tx.xid(), tx.deadlineNanos() - around.nowNanos())));
        } else if (input instanceof TransactionInput.Enlisted enlisted) {
            return enlist(tx, enlisted);
        } else if (input instanceof TransactionInput.Voted voted) {
            // READ_ONLY counts only as an answer to Prepare: before it the lock point has not passed.
            return voted.vote() instanceof Vote.ReadOnly ? Step.to(tx) : recordEarlyVote(tx, voted, around);
        } else if (input instanceof TransactionInput.CommitWanted commit) {
            return close(tx, commit, around);
        } else if (input instanceof TransactionInput.RollbackWanted rollback) {
            return Aborts.abort(
                    tx.xid(),
                    tx.branches(),
                    rollback.cause(),
                    List.of(new Waiter(rollback.request(), AnswerMode.AFTER_DECISION)),
                    around);
        } else if (input instanceof TransactionInput.InstanceLost lost) {
            return abortIfUnvoted(tx, tx.branches(), lost.instance(), List.of(), around);
        } else if (input instanceof TransactionInput.Woken) {
            return around.nowNanos() >= tx.deadlineNanos()
                    ? Aborts.abort(tx.xid(), tx.branches(), AbortCause.of(Kind.TIMEOUT), List.of(), around)
                    : Step.to(tx);
        }
        return whileUndecided(tx, input);
    }

    static Step whilePreparing(Preparing tx, TransactionInput input, Surroundings around) {
        if (input instanceof TransactionInput.Voted voted) {
            return recordVote(tx, voted, around);
        } else if (input instanceof TransactionInput.CommitWanted commit) {
            Waiter waiter = new Waiter(commit.request(), commit.mode());
            return waiter.join(tx.waiters(), new Answer.Pending(), waiters -> withWaiters(tx, waiters));
        } else if (input instanceof TransactionInput.RollbackWanted rollback) {
            List<Waiter> waiters = new ArrayList<>(tx.waiters());
            waiters.add(new Waiter(rollback.request(), AnswerMode.AFTER_DECISION));
            return Aborts.abort(tx.xid(), tx.branches(), rollback.cause(), waiters, around);
        } else if (input instanceof TransactionInput.Enlisted enlisted) {
            return enlistClosed(tx, tx.branches(), enlisted);
        } else if (input instanceof TransactionInput.InstanceLost lost) {
            return abortIfUnvoted(tx, tx.branches(), lost.instance(), tx.waiters(), around);
        } else if (input instanceof TransactionInput.InstanceBack back) {
            return Step.to(tx, prepares(tx.xid(), tx.branches(), Optional.of(back.instance())));
        } else if (input instanceof TransactionInput.Woken) {
            return wakePreparing(tx, around);
        }
        return whileUndecided(tx, input);
    }

    /** Time-outs and rollbacks have no part in it: the record may already be committed. */
    static Step whileDeciding(Deciding tx, TransactionInput input, Surroundings around) {
        if (input instanceof TransactionInput.DecisionStood) {
            List<BranchId> yes = yesVoters(tx.branches());
            return PhaseTwo.start(tx.xid(), yes, tx.waiters(), around);
        } else if (input instanceof TransactionInput.CommitWanted commit) {
            Waiter waiter = new Waiter(commit.request(), commit.mode());
            return joinDeciding(tx, waiter);
        } else if (input instanceof TransactionInput.RollbackWanted rollback) {
            Waiter waiter = new Waiter(rollback.request(), AnswerMode.AFTER_DECISION);
            return joinDeciding(tx, waiter);
        } else if (input instanceof TransactionInput.Enlisted enlisted) {
            return enlistClosed(tx, tx.branches(), enlisted);
        } else if (input instanceof TransactionInput.Voted
                || input instanceof TransactionInput.InstanceLost
                || input instanceof TransactionInput.Woken) {
            return Step.to(tx);
        }
        return whileUndecided(tx, input);
    }

    /** What all three states say alike. */
    private static Step whileUndecided(Transaction tx, TransactionInput input) {
        if (input instanceof TransactionInput.Asked asked) {
            return Step.to(tx, answer(asked.instance(), tx.xid(), asked.branch(), Command.Verdict.PENDING));
        } else if (input instanceof TransactionInput.OutcomeWanted wanted) {
            return Step.to(tx, new Reply(wanted.request(), new Answer.Pending()));
        } else if (input instanceof TransactionInput.Begun begun) {
            return Step.to(tx, Surroundings.staleBegin(begun.request(), tx.xid()));
        } else if (input instanceof TransactionInput.Reported || input instanceof TransactionInput.InstanceBack) {
            return Step.to(tx);
        }
        throw new AssertionError("impossible while " + tx.state() + ": " + input + " of " + tx.xid());
    }

    private static Step enlist(Active tx, TransactionInput.Enlisted enlisted) {
        boolean isKnown = contains(tx.branches(), enlisted.branch());
        if (!isKnown && tx.branches().size() >= CallSums.MAX_BRANCHES) {
            return Step.to(
                    tx, refuse(enlisted.instance(), tx.xid(), enlisted.branch(), Command.Refusal.TOO_MANY_BRANCHES));
        }
        Send acknowledgement = acknowledge(enlisted.instance(), tx.xid(), enlisted.branch());
        if (isKnown) {
            return Step.to(tx, acknowledgement);
        }
        List<EnlistedBranch> branches = new ArrayList<>(tx.branches());
        branches.add(EnlistedBranch.enlisted(enlisted.branch()));
        return Step.to(new Active(tx.xid(), List.copyOf(branches), tx.deadlineNanos()), acknowledgement);
    }

    /** The list is closed: a repeated known enlistment is acknowledged and never resets a vote, a new one is refused. */
    private static Step enlistClosed(
            Transaction tx, List<EnlistedBranch> branches, TransactionInput.Enlisted enlisted) {
        return Step.to(
                tx,
                contains(branches, enlisted.branch())
                        ? acknowledge(enlisted.instance(), tx.xid(), enlisted.branch())
                        : refuse(enlisted.instance(), tx.xid(), enlisted.branch(), Command.Refusal.CLOSED));
    }

    private static Step recordEarlyVote(Active tx, TransactionInput.Voted voted, Surroundings around) {
        List<EnlistedBranch> branches = withVote(tx.branches(), voted);
        if (isFirstNo(tx.branches(), voted)) {
            return Aborts.abort(tx.xid(), branches, votedNo(voted), List.of(), around);
        }
        return Step.to(new Active(tx.xid(), branches, tx.deadlineNanos()));
    }

    private static Step recordVote(Preparing tx, TransactionInput.Voted voted, Surroundings around) {
        List<EnlistedBranch> branches = withVote(tx.branches(), voted);
        if (isFirstNo(tx.branches(), voted)) {
            return Aborts.abort(tx.xid(), branches, votedNo(voted), tx.waiters(), around);
        }
        if (branches.stream().allMatch(EnlistedBranch::hasVoted)) {
            return decide(tx.xid(), branches, tx.sums(), tx.waiters(), around);
        }
        return Step.to(new Preparing(
                tx.xid(), branches, tx.sums(), tx.waiters(), tx.deadlineNanos(), tx.isOwnTimeout(), tx.retry()));
    }

    /** {@code Commit()} closes the list. */
    private static Step close(Active tx, TransactionInput.CommitWanted commit, Surroundings around) {
        List<Waiter> waiters = List.of(new Waiter(commit.request(), commit.mode()));
        for (BranchCalls accounted : commit.sums().branches()) {
            if (!contains(tx.branches(), accounted.branch())) {
                AbortCause cause = AbortCause.of(
                        Kind.BRANCH_MISSING,
                        accounted.branch(),
                        "a call was answered OK, but its branch is not enlisted");
                return Aborts.abort(tx.xid(), tx.branches(), cause, waiters, around);
            }
        }
        if (tx.branches().stream().allMatch(EnlistedBranch::hasVoted)) {
            return decide(tx.xid(), tx.branches(), commit.sums(), waiters, around);
        }
        long votesUntilNanos = around.nowNanos() + around.settings().prepareTimeoutNanos();
        Preparing next = new Preparing(
                tx.xid(),
                tx.branches(),
                commit.sums(),
                waiters,
                Math.min(tx.deadlineNanos(), votesUntilNanos),
                tx.deadlineNanos() < votesUntilNanos,
                Retry.first(around.settings().retryNanos(), around.nowNanos()));
        return Step.to(next, prepares(tx.xid(), tx.branches(), Optional.empty()));
    }

    /** All votes are in and none is NO. */
    private static Step decide(
            Xid xid, List<EnlistedBranch> branches, CallSums sums, List<Waiter> waiters, Surroundings around) {
        for (EnlistedBranch branch : branches) {
            int expected = accounted(sums, branch.id());
            if (branch.calls() != expected && (sums.isComplete() || expected > 0)) {
                AbortCause cause = AbortCause.of(
                        Kind.CALL_UNACCOUNTED,
                        branch.id(),
                        "ran " + branch.calls() + " calls, of which the initiator knows " + expected);
                return Aborts.abort(xid, branches, cause, waiters, around);
            }
        }
        List<BranchId> yes = yesVoters(branches);
        if (yes.isEmpty()) {
            List<Effect> effects = new ArrayList<>();
            waiters.forEach(w -> effects.add(new Reply(w.request(), around.committed(xid, List.of()))));
            effects.add(new Append(new LogRecord.Ended(xid)));
            return Step.to(new Ending(xid, List.of()), effects);
        }
        return Step.to(new Deciding(xid, branches, waiters), new Append(new LogRecord.CommitDecided(xid, yes, 0)));
    }

    private static Step wakePreparing(Preparing tx, Surroundings around) {
        if (around.nowNanos() >= tx.deadlineNanos()) {
            EnlistedBranch silent = tx.branches().stream()
                    .filter(b -> !b.hasVoted())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("all voted and not decided: " + tx.xid()));
            AbortCause cause = AbortCause.of(
                    tx.isOwnTimeout() ? Kind.TIMEOUT : Kind.PREPARE_TIMEOUT, silent.id(), "it has not voted");
            return Aborts.abort(tx.xid(), tx.branches(), cause, tx.waiters(), around);
        }
        if (!tx.retry().isDue(around.nowNanos())) {
            return Step.to(tx);
        }
        Retry retry = tx.retry().again(tx.xid(), around.settings().retryNanos(), around.nowNanos());
        Preparing next = new Preparing(
                tx.xid(), tx.branches(), tx.sums(), tx.waiters(), tx.deadlineNanos(), tx.isOwnTimeout(), retry);
        return Step.to(next, prepares(tx.xid(), tx.branches(), Optional.empty()));
    }

    private static Step abortIfUnvoted(
            Transaction tx, List<EnlistedBranch> branches, InstanceId lost, List<Waiter> waiters, Surroundings around) {
        for (EnlistedBranch branch : branches) {
            if (!branch.hasVoted() && branch.id().instance().equals(lost)) {
                AbortCause cause = AbortCause.of(
                        Kind.INSTANCE_LOST, branch.id(), "the process that held it is gone before it voted");
                return Aborts.abort(tx.xid(), branches, cause, waiters, around);
            }
        }
        return Step.to(tx);
    }

    /** Prepare goes to the instance that holds the connection and to nobody else. */
    private static List<Effect> prepares(Xid xid, List<EnlistedBranch> branches, Optional<InstanceId> only) {
        List<Effect> sends = new ArrayList<>();
        for (EnlistedBranch branch : branches) {
            InstanceId owner = branch.id().instance();
            if (!branch.hasVoted() && only.map(owner::equals).orElse(true)) {
                sends.add(new Send(owner, new Command.Prepare(xid, branch.id())));
            }
        }
        return sends;
    }

    private static List<EnlistedBranch> withVote(List<EnlistedBranch> branches, TransactionInput.Voted voted) {
        return branches.stream()
                .map(b -> b.id().equals(voted.branch()) && !b.hasVoted() ? b.voted(voted.vote(), voted.calls()) : b)
                .toList();
    }

    /** A NO of a branch that has voted before is not its vote. */
    private static boolean isFirstNo(List<EnlistedBranch> before, TransactionInput.Voted voted) {
        return voted.vote() instanceof Vote.No
                && before.stream().anyMatch(b -> b.id().equals(voted.branch()) && !b.hasVoted());
    }

    private static AbortCause votedNo(TransactionInput.Voted voted) {
        String reason = voted.vote() instanceof Vote.No no ? no.reason() : "";
        return AbortCause.of(Kind.VOTED_NO, voted.branch(), reason);
    }

    private static List<BranchId> yesVoters(List<EnlistedBranch> branches) {
        return branches.stream()
                .filter(EnlistedBranch::votedYes)
                .map(EnlistedBranch::id)
                .sorted()
                .toList();
    }

    private static int accounted(CallSums sums, BranchId branch) {
        return sums.branches().stream()
                .filter(b -> b.branch().equals(branch))
                .mapToInt(BranchCalls::calls)
                .findFirst()
                .orElse(0);
    }

    private static boolean contains(List<EnlistedBranch> branches, BranchId branch) {
        return branches.stream().anyMatch(b -> b.id().equals(branch));
    }

    private static Step joinDeciding(Deciding tx, Waiter waiter) {
        return waiter.join(
                tx.waiters(), new Answer.Pending(), waiters -> new Deciding(tx.xid(), tx.branches(), waiters));
    }

    private static Preparing withWaiters(Preparing tx, List<Waiter> waiters) {
        return new Preparing(
                tx.xid(), tx.branches(), tx.sums(), waiters, tx.deadlineNanos(), tx.isOwnTimeout(), tx.retry());
    }
}
