package dev.assent.protocol.coordinator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Answer.Reason;
import dev.assent.protocol.message.Request;
import java.util.List;
import java.util.Optional;

/** What initiators and operators ask of a ready leader. */
final class Requests {
    private final ShardIdentity identity;
    private final Leader leader;

    Requests(ShardIdentity identity, Leader leader) {
        this.identity = identity;
        this.leader = leader;
    }

    void on(RequestId id, Request request, Surroundings around, List<Effect> out) {
        if (request instanceof Request.Begin begin) {
            begin(id, begin, around, out);
        } else if (request instanceof Request.Commit commit) {
            commit(id, commit, around, out);
        } else if (request instanceof Request.Rollback rollback) {
            rollback(id, rollback, around, out);
        } else if (request instanceof Request.OutcomeQuestion question) {
            outcome(id, question.xid(), around, out);
        } else if (request instanceof Request.Abandon abandon) {
            abandon(id, abandon, around, out);
        } else if (request instanceof Request.Settle settle) {
            settle(id, settle, around, out);
        }
    }

    private void begin(RequestId id, Request.Begin begin, Surroundings around, List<Effect> out) {
        if (begin.xid().isEmpty()) {
            if (isRefusedAsFull(id, out)) {
                return;
            }
            Xid xid = leader.openOwn(identity, begin.timeoutNanos(), around.nowNanos());
            leader.deliver(xid, new TransactionInput.Begun(id), around, out);
            return;
        }
        Xid xid = begin.xid().get();
        if (isMisdirected(id, xid, out) || leader.deliverIfHeld(xid, new TransactionInput.Begun(id), around, out)) {
            return;
        }
        Standing standing = leader.standing(xid);
        if (standing == Standing.NEVER_LEASED) {
            out.add(new Reply(id, NotInMemory.outcome(standing, xid, around)));
        } else if (standing != Standing.UNOPENED) {
            out.add(Surroundings.staleBegin(id, xid));
        } else if (!isRefusedAsFull(id, out)) {
            leader.openActive(xid, begin.timeoutNanos(), around.nowNanos());
            leader.deliver(xid, new TransactionInput.Begun(id), around, out);
        }
    }

    private void commit(RequestId id, Request.Commit commit, Surroundings around, List<Effect> out) {
        Xid xid = commit.xid();
        if (isMisdirected(id, xid, out)) {
            return;
        }
        boolean isHeld = leader.transactions().get(xid).isPresent();
        Standing standing = isHeld ? Standing.LISTED : leader.standing(xid);
        if (standing == Standing.UNOPENED) {
            // Nothing was heard of it. With an empty account nothing was done; else its branches are missing.
            leader.openActive(xid, 0, around.nowNanos());
            isHeld = true;
        }
        if (isHeld) {
            leader.deliver(xid, new TransactionInput.CommitWanted(id, commit.mode(), commit.sums()), around, out);
        } else {
            out.add(new Reply(id, NotInMemory.outcome(standing, xid, around)));
        }
    }

    private void rollback(RequestId id, Request.Rollback rollback, Surroundings around, List<Effect> out) {
        Xid xid = rollback.xid();
        if (isMisdirected(id, xid, out)
                || leader.deliverIfHeld(xid, new TransactionInput.RollbackWanted(id, rollback.cause()), around, out)) {
            return;
        }
        Standing standing = leader.standing(xid);
        if (standing == Standing.UNOPENED) {
            leader.close(xid);
            out.add(new Reply(id, around.aborted(xid, rollback.cause())));
        } else {
            out.add(new Reply(id, NotInMemory.outcome(standing, xid, around)));
        }
    }

    private void outcome(RequestId id, Xid xid, Surroundings around, List<Effect> out) {
        if (isMisdirected(id, xid, out)
                || leader.deliverIfHeld(xid, new TransactionInput.OutcomeWanted(id), around, out)) {
            return;
        }
        Standing standing = leader.standing(xid);
        if (standing == Standing.UNOPENED) {
            // The answer must stay true, so the number can never be used.
            leader.close(xid);
        }
        out.add(new Reply(id, NotInMemory.outcome(standing, xid, around)));
    }

    private void abandon(RequestId id, Request.Abandon abandon, Surroundings around, List<Effect> out) {
        if (isMisdirected(id, abandon.xid(), out)) {
            return;
        }
        Optional<ToldBranch> told = leader.transactions()
                .get(abandon.xid())
                .filter(Transaction.Committing.class::isInstance)
                .map(Transaction.Committing.class::cast)
                .flatMap(tx -> tx.branches().stream()
                        .filter(b -> b.id().equals(abandon.branch()))
                        .findFirst());
        if (told.filter(b -> b.progress() == ToldBranch.Progress.TOLD).isEmpty()) {
            out.add(notApplicable(id, abandon.xid(), abandon.branch(), "does not wait for its commit"));
            return;
        }
        leader.submitForOperator(
                id,
                new LogRecord.Abandoned(abandon.xid(), abandon.branch(), abandon.operator(), abandon.reason()),
                out);
    }

    private void settle(RequestId id, Request.Settle settle, Surroundings around, List<Effect> out) {
        if (isMisdirected(id, settle.xid(), out)) {
            return;
        }
        ReplicatedState state = around.state();
        boolean isOpen = state.abandoned(settle.xid()).contains(settle.branch())
                || state.heuristics(settle.xid()).stream()
                        .anyMatch(found -> found.branch().equals(settle.branch()));
        if (!isOpen) {
            out.add(notApplicable(id, settle.xid(), settle.branch(), "is neither heuristic nor abandoned"));
            return;
        }
        leader.submitForOperator(
                id, new LogRecord.Settled(settle.xid(), settle.branch(), settle.operator(), settle.reason()), out);
    }

    private boolean isRefusedAsFull(RequestId id, List<Effect> out) {
        if (leader.isFull()) {
            out.add(new Reply(
                    id,
                    new Answer.Refused(
                            Reason.TOO_MANY_TRANSACTIONS,
                            0,
                            "the shard holds as many transactions as it may; try later")));
        }
        return leader.isFull();
    }

    private boolean isMisdirected(RequestId id, Xid xid, List<Effect> out) {
        Optional<Misdirected> wrong = Misdirected.of(xid, identity, leader.term());
        wrong.ifPresent(w -> out.add(new Reply(id, w.refusal(xid, leader.term()))));
        return wrong.isPresent();
    }

    private static Effect notApplicable(RequestId id, Xid xid, BranchId branch, String why) {
        return new Reply(
                id, new Answer.Refused(Reason.NOT_APPLICABLE, 0, "branch " + branch + " of " + xid + " " + why));
    }
}
