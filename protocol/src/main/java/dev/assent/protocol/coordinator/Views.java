package dev.assent.protocol.coordinator;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.TransactionView.BranchView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Transactions as people see them. */
final class Views {
    private Views() {}

    static TransactionView of(Xid xid, Leader leader, Surroundings around) {
        Optional<Transaction> held = leader.transactions().get(xid);
        return held.isPresent() ? of(held.get(), around) : ofStanding(xid, leader.standing(xid), around);
    }

    static TransactionView of(Transaction tx, Surroundings around) {
        List<BranchView> branches = List.of();
        long deadlineNanos = around.nowNanos();
        Optional<AbortCause> cause = Optional.empty();
        if (tx instanceof Transaction.Active active) {
            branches = enlisted(active.branches());
            deadlineNanos = active.deadlineNanos();
        } else if (tx instanceof Transaction.Preparing preparing) {
            branches = enlisted(preparing.branches());
            deadlineNanos = preparing.deadlineNanos();
        } else if (tx instanceof Transaction.Deciding deciding) {
            branches = enlisted(deciding.branches());
        } else if (tx instanceof Transaction.Committing committing) {
            branches = told(committing.branches());
        } else if (tx instanceof Transaction.Ending ending) {
            branches = ending.branches().stream()
                    .map(b -> new BranchView(b, "ACKNOWLEDGED"))
                    .toList();
        } else if (tx instanceof Transaction.Aborting aborting) {
            branches = told(aborting.branches());
            cause = Optional.of(aborting.cause());
        }
        return new TransactionView(
                tx.xid(),
                tx.state(),
                withHeuristics(tx.xid(), branches, around),
                decidedAtMillis(tx.xid(), around),
                Math.max(0, deadlineNanos - around.nowNanos()),
                cause);
    }

    private static TransactionView ofStanding(Xid xid, Standing standing, Surroundings around) {
        String state = switch (standing) {
            case LISTED -> "COMMITTING";
            case ENDED -> "COMMITTED";
            case FORGOTTEN -> "EXPIRED";
            case EARLIER, OVER -> "ABORTED";
            case UNOPENED, NEVER_LEASED -> "UNKNOWN";
        };
        return new TransactionView(
                xid,
                state,
                withHeuristics(xid, List.of(), around),
                decidedAtMillis(xid, around),
                0,
                standing == Standing.EARLIER
                        ? Optional.of(AbortCause.of(AbortCause.Kind.LEADER_CHANGED))
                        : Optional.empty());
    }

    private static long decidedAtMillis(Xid xid, Surroundings around) {
        return around.state()
                .decision(xid)
                .map(LogRecord.CommitDecided::atMillis)
                .orElse(0L);
    }

    private static List<BranchView> enlisted(List<EnlistedBranch> branches) {
        return branches.stream()
                .map(b -> new BranchView(b.id(), b.vote().map(Views::nameOf).orElse("ENLISTED")))
                .toList();
    }

    private static String nameOf(Vote vote) {
        if (vote instanceof Vote.Yes) {
            return "YES";
        }
        return vote instanceof Vote.No ? "NO" : "READ_ONLY";
    }

    private static List<BranchView> told(List<ToldBranch> branches) {
        return branches.stream()
                .map(b -> new BranchView(
                        b.id(),
                        switch (b.progress()) {
                            case TOLD, CONTRADICTS -> "UNACKNOWLEDGED";
                            case ABANDONED -> "ABANDONED";
                            case ACKNOWLEDGED -> "ACKNOWLEDGED";
                        }))
                .toList();
    }

    private static List<BranchView> withHeuristics(Xid xid, List<BranchView> branches, Surroundings around) {
        List<BranchView> all = new ArrayList<>(branches);
        for (LogRecord.HeuristicFound found : around.state().heuristics(xid)) {
            BranchId branch = found.branch();
            all.removeIf(view -> view.branch().equals(branch));
            all.add(new BranchView(branch, "HEURISTIC_" + found.kind()));
        }
        return all;
    }
}
