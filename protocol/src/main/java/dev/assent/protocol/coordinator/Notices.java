package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Surroundings.answer;
import static dev.assent.protocol.coordinator.Surroundings.refuse;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Send;
import dev.assent.protocol.coordinator.Transaction.Aborting;
import dev.assent.protocol.coordinator.Transaction.Committing;
import dev.assent.protocol.coordinator.Transaction.Ending;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Command.RowVerdict;
import dev.assent.protocol.message.Notice;
import java.util.List;
import java.util.Optional;

/** What instances tell a ready leader about their branches. Nothing that they say may do more than refuse. */
final class Notices {
    private final ShardIdentity identity;
    private final Leader leader;

    Notices(ShardIdentity identity, Leader leader) {
        this.identity = identity;
        this.leader = leader;
    }

    void on(InstanceId from, Notice notice, Surroundings around, List<Effect> out) {
        if (notice instanceof Notice.Enlist enlist) {
            enlist(from, enlist, around, out);
        } else if (notice instanceof Notice.Voted voted) {
            vote(from, voted, around, out);
        } else if (notice instanceof Notice.Asked asked) {
            ask(from, asked, around, out);
        } else if (notice instanceof Notice.Reported reported) {
            report(from, reported, around, out);
        } else if (notice instanceof Notice.RowShown shown) {
            row(from, shown, around, out);
        } else if (notice instanceof Notice.BlockWanted) {
            leader.lease(from, around.nowNanos(), out);
        } else if (notice instanceof Notice.BlockReturned returned) {
            leader.leaseReturned(from, returned.block());
        }
    }

    private void enlist(InstanceId from, Notice.Enlist enlist, Surroundings around, List<Effect> out) {
        Xid xid = enlist.xid();
        BranchId branch = enlist.branch();
        Optional<Misdirected> wrong = Misdirected.of(xid, identity, leader.term());
        if (wrong.isPresent()) {
            out.add(refuse(from, xid, branch, wrong.get().enlistment()));
        } else if (!branch.instance().equals(from) || !around.instances().serves(from, branch.resource())) {
            out.add(refuse(from, xid, branch, Refusal.NOT_YOURS));
        } else if (!leader.deliverIfHeld(xid, new TransactionInput.Enlisted(from, branch), around, out)) {
            Standing standing = leader.standing(xid);
            if (standing != Standing.UNOPENED) {
                out.add(NotInMemory.enlist(standing, from, xid, branch));
            } else if (leader.isFull()) {
                leader.close(xid);
                out.add(NotInMemory.enlist(standing, from, xid, branch));
            } else {
                leader.openActive(xid, enlist.timeoutNanos(), around.nowNanos());
                leader.deliver(xid, new TransactionInput.Enlisted(from, branch), around, out);
            }
        }
    }

    private void vote(InstanceId from, Notice.Voted voted, Surroundings around, List<Effect> out) {
        Xid xid = voted.xid();
        BranchId branch = voted.branch();
        boolean isItsOwn = branch.instance().equals(from);
        if (!isItsOwn || Misdirected.of(xid, identity, leader.term()).isPresent()) {
            return;
        }
        TransactionInput input = new TransactionInput.Voted(from, branch, voted.vote(), voted.calls());
        if (!leader.deliverIfHeld(xid, input, around, out)) {
            Standing standing = closedStanding(xid);
            out.addAll(NotInMemory.vote(standing, isInDecision(xid, branch, around), from, xid, branch));
        }
    }

    private void ask(InstanceId from, Notice.Asked asked, Surroundings around, List<Effect> out) {
        Xid xid = asked.xid();
        BranchId branch = asked.branch();
        Optional<Misdirected> wrong = Misdirected.of(xid, identity, leader.term());
        if (wrong.isPresent()) {
            out.add(answer(from, xid, branch, wrong.get().verdict()));
        } else if (mayActFor(from, branch, around)
                && !leader.deliverIfHeld(xid, new TransactionInput.Asked(from, branch), around, out)) {
            Standing standing = closedStanding(xid);
            out.add(NotInMemory.ask(standing, isInDecision(xid, branch, around), from, xid, branch));
        }
    }

    private void report(InstanceId from, Notice.Reported reported, Surroundings around, List<Effect> out) {
        Xid xid = reported.xid();
        BranchId branch = reported.branch();
        if (Misdirected.of(xid, identity, leader.term()).isPresent() || !mayActFor(from, branch, around)) {
            return;
        }
        TransactionInput input = new TransactionInput.Reported(from, branch, reported.report());
        if (!leader.deliverIfHeld(xid, input, around, out) && reported.report() == BranchReport.FOUND_COMMITTED) {
            Standing standing = closedStanding(xid);
            if (standing == Standing.EARLIER || standing == Standing.OVER) {
                leader.foundCommitted(new LogRecord.HeuristicFound(xid, branch, HeuristicKind.COMMITTED), out);
            }
        }
    }

    private void row(InstanceId from, Notice.RowShown shown, Surroundings around, List<Effect> out) {
        Xid xid = shown.xid();
        BranchId branch = shown.branch();
        Optional<Misdirected> wrong = Misdirected.of(xid, identity, leader.term());
        if (wrong.isPresent()) {
            out.add(new Send(
                    from, new Command.RowAnswer(xid, branch, wrong.get().row())));
        } else if (mayActFor(from, branch, around)) {
            Optional<Transaction> held = leader.transactions().get(xid);
            if (held.isEmpty()) {
                out.add(NotInMemory.row(closedStanding(xid), from, xid, branch));
                return;
            }
            RowVerdict verdict = verdictOf(held.get(), branch);
            out.add(new Send(from, new Command.RowAnswer(xid, branch, verdict)));
            if (verdict == RowVerdict.LISTED) {
                // A visible row is a committed branch: as good as its acknowledgement.
                leader.deliver(xid, new TransactionInput.Reported(from, branch, BranchReport.DONE), around, out);
            }
        }
    }

    private static RowVerdict verdictOf(Transaction held, BranchId branch) {
        if (held instanceof Committing committing) {
            boolean isNamed = committing.branches().stream().anyMatch(b -> b.id().equals(branch));
            return isNamed ? RowVerdict.LISTED : RowVerdict.PENDING;
        } else if (held instanceof Ending ending) {
            return ending.branches().contains(branch) ? RowVerdict.LISTED : RowVerdict.PENDING;
        }
        return held instanceof Aborting ? RowVerdict.ABORTED : RowVerdict.PENDING;
    }

    /** Votes, questions and rows about a number that was never opened close it. */
    private Standing closedStanding(Xid xid) {
        Standing standing = leader.standing(xid);
        if (standing == Standing.UNOPENED) {
            leader.close(xid);
            return Standing.OVER;
        }
        return standing;
    }

    private static boolean isInDecision(Xid xid, BranchId branch, Surroundings around) {
        return around.state()
                .decision(xid)
                .map(decided -> decided.branches().contains(branch))
                .orElse(false);
    }

    /** The branch's owner, or another instance of its resource, which may finish what the owner left. */
    private static boolean mayActFor(InstanceId from, BranchId branch, Surroundings around) {
        return branch.instance().equals(from) || around.instances().serves(from, branch.resource());
    }
}
