package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Surroundings.acknowledge;
import static dev.assent.protocol.coordinator.Surroundings.answer;
import static dev.assent.protocol.coordinator.Surroundings.refuse;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Append;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.coordinator.ToldBranch.Progress;
import dev.assent.protocol.coordinator.Transaction.Committing;
import dev.assent.protocol.coordinator.Transaction.Ending;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Command.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Phase two of a commit: the decision stands, and every branch is told until it has acknowledged. */
final class PhaseTwo {
    private PhaseTwo() {}

    /** The decision has just been applied and stood. */
    static Step start(Xid xid, List<BranchId> branches, List<Waiter> waiters, Surroundings around) {
        List<Effect> effects = new ArrayList<>();
        List<Waiter> patient = new ArrayList<>();
        for (Waiter waiter : waiters) {
            if (waiter.mode() == AnswerMode.AFTER_DECISION) {
                effects.add(new Reply(waiter.request(), around.committed(xid, branches)));
            } else {
                patient.add(waiter);
            }
        }
        Committing next = allTold(xid, branches, patient, around);
        return Step.to(next, withTold(effects, next, b -> true, 0, around));
    }

    /**
     * A new leader repeats the decision to every branch and collects anew. Only what the log knows is not asked again:
     * heuristics and what an operator acknowledged; an abandoned branch is told, but nobody waits for it.
     */
    static Step resume(LogRecord.CommitDecided decided, Surroundings around) {
        ReplicatedState state = around.state();
        Xid xid = decided.xid();
        List<BranchId> contradicted = state.heuristics(xid).stream()
                .map(LogRecord.HeuristicFound::branch)
                .toList();
        List<BranchId> settled = state.settled(xid);
        List<BranchId> abandoned = state.abandoned(xid);
        Committing next = update(allTold(xid, decided.branches(), List.of(), around), b -> {
            if (contradicted.contains(b.id()) || settled.contains(b.id())) {
                return b.with(Progress.ACKNOWLEDGED);
            }
            return abandoned.contains(b.id()) ? b.with(Progress.ABANDONED) : b;
        });
        return settle(next, around).after(withTold(new ArrayList<>(), next, b -> true, 0, around));
    }

    private static Committing allTold(Xid xid, List<BranchId> branches, List<Waiter> waiters, Surroundings around) {
        return new Committing(
                xid,
                branches.stream().map(b -> ToldBranch.told(b, true)).toList(),
                List.copyOf(waiters),
                around.nowNanos() + around.settings().applyWaitNanos(),
                Retry.first(around.settings().retryNanos(), around.nowNanos()));
    }

    static Step whileCommitting(Committing tx, TransactionInput input, Surroundings around) {
        if (input instanceof TransactionInput.Reported reported) {
            return report(tx, reported, around);
        } else if (input instanceof TransactionInput.CommitWanted commit) {
            return wantCommit(tx, commit, around);
        } else if (input instanceof TransactionInput.Woken) {
            return wake(tx, around);
        } else if (input instanceof TransactionInput.InstanceLost lost) {
            return Step.to(
                    tx, withTold(new ArrayList<>(), tx, b -> b.id().instance().equals(lost.instance()), 0, around));
        } else if (input instanceof TransactionInput.InstanceBack back) {
            return Step.to(tx, withTold(new ArrayList<>(), tx, b -> mayServe(b, back.instance(), around), 0, around));
        } else if (input instanceof TransactionInput.EndStood) {
            return endedByAnother(tx, around);
        } else if (input instanceof TransactionInput.BranchClosed closed) {
            return settle(withProgress(tx, closed.branch(), Progress.ACKNOWLEDGED), around);
        } else if (input instanceof TransactionInput.BranchAbandoned gaveUp) {
            return settle(withProgress(tx, gaveUp.branch(), Progress.ABANDONED), around);
        }
        List<BranchId> branches = tx.branches().stream().map(ToldBranch::id).toList();
        return whileListed(tx, branches, tx.awaited(), input, around);
    }

    /**
     * The end that an earlier leader wrote came late: every branch had acknowledged to that one. Branches lose their rows
     * from now on, so to go on asking would find nothing, and a heuristic that is none could never be recorded.
     */
    private static Step endedByAnother(Committing tx, Surroundings around) {
        List<Effect> effects = new ArrayList<>();
        tx.waiters().forEach(w -> effects.add(new Reply(w.request(), around.committed(tx.xid(), List.of()))));
        List<BranchId> branches = tx.branches().stream().map(ToldBranch::id).toList();
        effects.addAll(forgets(tx.xid(), branches, around));
        return Step.over(effects);
    }

    private static List<Effect> forgets(Xid xid, List<BranchId> branches, Surroundings around) {
        List<Effect> forgets = new ArrayList<>();
        branches.forEach(b -> forgets.addAll(around.tell(b, new Command.Forget(xid, b), 0)));
        return forgets;
    }

    static Step whileEnding(Ending tx, TransactionInput input, Surroundings around) {
        if (input instanceof TransactionInput.EndStood) {
            return Step.over(forgets(tx.xid(), tx.branches(), around));
        } else if (input instanceof TransactionInput.CommitWanted commit) {
            return Step.to(tx, new Reply(commit.request(), around.committed(tx.xid(), List.of())));
        } else if (tx.branches().isEmpty() && input instanceof TransactionInput.Asked asked) {
            // Until its record is applied a new leader would say ABORT: a branch without effect can wait for either.
            return Step.to(tx, answer(asked.instance(), tx.xid(), asked.branch(), Verdict.PENDING));
        } else if (tx.branches().isEmpty() && input instanceof TransactionInput.Enlisted enlisted) {
            return Step.to(tx, refuse(enlisted.instance(), tx.xid(), enlisted.branch(), Refusal.CLOSED));
        } else if (tx.branches().isEmpty() && input instanceof TransactionInput.Voted) {
            return Step.to(tx);
        } else if (input instanceof TransactionInput.Reported
                || input instanceof TransactionInput.Woken
                || input instanceof TransactionInput.InstanceLost
                || input instanceof TransactionInput.InstanceBack
                || input instanceof TransactionInput.BranchClosed
                || input instanceof TransactionInput.BranchAbandoned) {
            return Step.to(tx);
        }
        return whileListed(tx, tx.branches(), List.of(), input, around);
    }

    /** What is said of every listed commit. */
    private static Step whileListed(
            Transaction tx,
            List<BranchId> branches,
            List<BranchId> awaited,
            TransactionInput input,
            Surroundings around) {
        Xid xid = tx.xid();
        if (input instanceof TransactionInput.Asked asked) {
            Verdict verdict = branches.contains(asked.branch()) ? Verdict.COMMIT : Verdict.ABORT;
            return Step.to(tx, answer(asked.instance(), xid, asked.branch(), verdict));
        } else if (input instanceof TransactionInput.Enlisted enlisted) {
            if (!branches.contains(enlisted.branch())) {
                return Step.to(tx, refuse(enlisted.instance(), xid, enlisted.branch(), Refusal.ABORTED));
            }
            return Step.to(
                    tx,
                    xid.term() == around.term()
                            ? acknowledge(enlisted.instance(), xid, enlisted.branch())
                            : refuse(enlisted.instance(), xid, enlisted.branch(), Refusal.CLOSED));
        } else if (input instanceof TransactionInput.Voted voted) {
            return branches.contains(voted.branch())
                    ? Step.to(tx)
                    : Step.to(tx, answer(voted.instance(), xid, voted.branch(), Verdict.ABORT));
        } else if (input instanceof TransactionInput.RollbackWanted rollback) {
            return Step.to(tx, new Reply(rollback.request(), around.committed(xid, awaited)));
        } else if (input instanceof TransactionInput.OutcomeWanted wanted) {
            return Step.to(tx, new Reply(wanted.request(), around.committed(xid, awaited)));
        } else if (input instanceof TransactionInput.Begun begun) {
            return Step.to(tx, Surroundings.staleBegin(begun.request(), xid));
        }
        throw new AssertionError("impossible while " + tx.state() + ": " + input + " of " + xid);
    }

    private static Step report(Committing tx, TransactionInput.Reported reported, Surroundings around) {
        boolean isOpen = tx.branches().stream()
                .anyMatch(b -> b.id().equals(reported.branch()) && b.progress() != Progress.ACKNOWLEDGED);
        if (!isOpen || reported.report() == BranchReport.NOT_MINE) {
            return Step.to(tx);
        }
        if (reported.report() != BranchReport.NOTHING_FOUND) {
            // DONE; and FOUND_COMMITTED, said after a stale Abort, agrees with the decision too.
            return settle(withProgress(tx, reported.branch(), Progress.ACKNOWLEDGED), around);
        }
        boolean isOnItsWay = tx.branches().stream()
                .anyMatch(b -> b.id().equals(reported.branch()) && b.progress() == Progress.CONTRADICTS);
        if (isOnItsWay) {
            return Step.to(tx);
        }
        return Step.to(
                withProgress(tx, reported.branch(), Progress.CONTRADICTS),
                new Append(new LogRecord.HeuristicFound(tx.xid(), reported.branch(), HeuristicKind.ROLLED_BACK)));
    }

    private static Step wantCommit(Committing tx, TransactionInput.CommitWanted commit, Surroundings around) {
        List<BranchId> awaited = tx.awaited();
        if (commit.mode() == AnswerMode.AFTER_DECISION || awaited.isEmpty()) {
            return Step.to(tx, new Reply(commit.request(), around.committed(tx.xid(), awaited)));
        }
        long answerNanos =
                tx.waiters().isEmpty() ? around.nowNanos() + around.settings().applyWaitNanos() : tx.answerNanos();
        return new Waiter(commit.request(), commit.mode())
                .join(
                        tx.waiters(),
                        around.committed(tx.xid(), awaited),
                        waiters -> new Committing(tx.xid(), tx.branches(), waiters, answerNanos, tx.retry()));
    }

    private static Step wake(Committing tx, Surroundings around) {
        List<Effect> effects = new ArrayList<>();
        Committing next = tx;
        if (around.nowNanos() >= tx.answerNanos()) {
            next = answered(tx, effects, around);
        }
        if (tx.retry().isDue(around.nowNanos())) {
            withTold(effects, next, b -> true, tx.retry().attempts(), around);
            Retry retry = tx.retry().again(tx.xid(), around.settings().retryNanos(), around.nowNanos());
            next = new Committing(next.xid(), next.branches(), next.waiters(), next.answerNanos(), retry);
        }
        return Step.to(next, effects);
    }

    /** Answers whoever waits once nothing is awaited, and ends once everything is acknowledged. */
    private static Step settle(Committing tx, Surroundings around) {
        List<Effect> effects = new ArrayList<>();
        Committing next = tx.awaited().isEmpty() ? answered(tx, effects, around) : tx;
        if (!next.isDone()) {
            return Step.to(next, effects);
        }
        effects.add(new Append(new LogRecord.Ended(tx.xid())));
        return Step.to(
                new Ending(tx.xid(), tx.branches().stream().map(ToldBranch::id).toList()), effects);
    }

    private static Committing answered(Committing tx, List<Effect> effects, Surroundings around) {
        List<BranchId> awaited = tx.awaited();
        tx.waiters().forEach(w -> effects.add(new Reply(w.request(), around.committed(tx.xid(), awaited))));
        return new Committing(tx.xid(), tx.branches(), List.of(), tx.answerNanos(), tx.retry());
    }

    private static List<Effect> withTold(
            List<Effect> effects,
            Committing tx,
            Predicate<ToldBranch> which,
            int earlierAttempts,
            Surroundings around) {
        for (ToldBranch branch : tx.branches()) {
            boolean isOpen = branch.progress() == Progress.TOLD || branch.progress() == Progress.ABANDONED;
            if (isOpen && which.test(branch)) {
                effects.addAll(
                        around.tell(branch.id(), new Command.CommitBranch(tx.xid(), branch.id()), earlierAttempts));
            }
        }
        return effects;
    }

    private static boolean mayServe(ToldBranch branch, InstanceId instance, Surroundings around) {
        InstanceId owner = branch.id().instance();
        return owner.equals(instance)
                || (around.instances().isLost(owner)
                        && around.instances().serves(instance, branch.id().resource()));
    }

    private static Committing withProgress(Committing tx, BranchId branch, Progress progress) {
        return update(tx, b -> b.id().equals(branch) && !b.isAcknowledged() ? b.with(progress) : b);
    }

    private static Committing update(Committing tx, UnaryOperator<ToldBranch> change) {
        return new Committing(
                tx.xid(), tx.branches().stream().map(change).toList(), tx.waiters(), tx.answerNanos(), tx.retry());
    }
}
