package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Command.Refusal;
import dev.assent.protocol.message.Command.RowVerdict;
import dev.assent.protocol.message.Command.Verdict;
import dev.assent.protocol.message.Notice;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The table of answers of §2, for a cluster that loses nothing it decided and everything that it did not. */
final class ModelCoordinator {
    private enum Stage {
        ACTIVE,
        PREPARING,
        LISTED,
        ENDED,
        OVER
    }

    private static final class Transaction {
        private final Xid xid;
        private Stage stage = Stage.ACTIVE;
        private final Set<BranchId> enlisted = new TreeSet<>();
        private final Map<BranchId, Vote> votes = new LinkedHashMap<>();
        private final Set<BranchId> decided = new LinkedHashSet<>();
        private final Set<BranchId> acknowledged = new LinkedHashSet<>();

        Transaction(Xid xid) {
            this.xid = xid;
        }

        @Override
        public String toString() {
            return xid + " " + stage + " decided=" + decided + " acknowledged=" + acknowledged;
        }
    }

    private final ModelWorld.Wire wire;
    private final Map<Xid, Transaction> all = new LinkedHashMap<>();
    private long term = 5;
    private long seq;

    ModelCoordinator(ModelWorld.Wire wire) {
        this.wire = wire;
    }

    long term() {
        return term;
    }

    Xid begin() {
        Xid xid = new Xid(BranchScenario.CLUSTER, 0, term, seq++);
        all.put(xid, new Transaction(xid));
        return xid;
    }

    /** A new leader knows what was decided, and nothing else. */
    void elect() {
        term++;
        all.values().stream().filter(ModelCoordinator::isOpen).forEach(it -> it.stage = Stage.OVER);
    }

    /** Asks for the commit or the rollback of some transaction. */
    void change(Random random) {
        all.values().stream()
                .filter(it -> it.stage == Stage.ACTIVE && random.nextBoolean())
                .findFirst()
                .ifPresent(it -> it.stage = random.nextInt(8) == 0 ? Stage.OVER : Stage.PREPARING);
    }

    /** Everything that is still open is asked to commit. */
    void end() {
        all.values().stream().filter(it -> it.stage == Stage.ACTIVE).forEach(it -> it.stage = Stage.PREPARING);
    }

    /** Repeats the commands that nobody has answered; gives up on branches that died without a vote. */
    void repeat(InstanceId alive) {
        for (Transaction it : all.values()) {
            if (it.stage == Stage.PREPARING) {
                boolean isLost = it.enlisted.stream()
                        .anyMatch(branch -> !it.votes.containsKey(branch)
                                && !branch.instance().equals(alive));
                it.stage = isLost || it.enlisted.isEmpty() ? Stage.OVER : it.stage;
                it.enlisted.stream()
                        .filter(branch -> !it.votes.containsKey(branch))
                        .forEach(branch -> wire.send(new Command.Prepare(it.xid, branch)));
            } else if (it.stage == Stage.LISTED) {
                it.decided.stream()
                        .filter(branch -> !it.acknowledged.contains(branch))
                        .forEach(branch -> wire.send(new Command.CommitBranch(it.xid, branch)));
            } else if (it.stage == Stage.OVER) {
                it.enlisted.stream()
                        .filter(branch -> it.acknowledged.add(branch))
                        .forEach(branch -> wire.send(new Command.AbortBranch(it.xid, branch)));
            }
        }
    }

    void on(Notice notice) {
        if (notice instanceof Notice.Enlist enlist) {
            enlist(find(enlist.xid()), enlist.branch());
        } else if (notice instanceof Notice.Voted voted) {
            voted(find(voted.xid()), voted.branch(), voted.vote());
        } else if (notice instanceof Notice.Asked asked) {
            wire.send(
                    new Command.BranchAnswer(asked.xid(), asked.branch(), verdict(find(asked.xid()), asked.branch())));
        } else if (notice instanceof Notice.Reported reported) {
            reported(find(reported.xid()), reported.branch(), reported.report());
        } else if (notice instanceof Notice.RowShown shown) {
            rowShown(find(shown.xid()), shown.branch());
        }
    }

    private void enlist(Transaction it, BranchId branch) {
        boolean isKnown = it.enlisted.contains(branch);
        if (it.stage == Stage.OVER) {
            wire.send(new Command.EnlistRefused(it.xid, branch, Refusal.ABORTED));
        } else if (it.stage == Stage.ACTIVE || (isKnown && it.stage != Stage.ENDED && it.xid.term() == term)) {
            it.enlisted.add(branch);
            wire.send(new Command.EnlistAcknowledged(it.xid, branch));
        } else {
            wire.send(new Command.EnlistRefused(it.xid, branch, Refusal.CLOSED));
        }
    }

    private void voted(Transaction it, BranchId branch, Vote vote) {
        if (isOpen(it) && it.enlisted.contains(branch)) {
            Vote first = it.votes.putIfAbsent(branch, vote);
            must(first == null || first.equals(vote), () -> "two votes of " + branch + ": " + first + " and " + vote);
            boolean isComplete =
                    it.stage == Stage.PREPARING && it.votes.keySet().containsAll(it.enlisted);
            if (vote instanceof Vote.No) {
                it.stage = Stage.OVER;
            } else if (isComplete) {
                it.votes.forEach((voter, given) -> {
                    if (given instanceof Vote.Yes) {
                        it.decided.add(voter);
                    }
                });
                it.stage = it.decided.isEmpty() ? Stage.ENDED : Stage.LISTED;
            }
        } else if (it.stage == Stage.OVER) {
            wire.send(new Command.BranchAnswer(it.xid, branch, Verdict.ABORT));
        }
    }

    private static Verdict verdict(Transaction it, BranchId branch) {
        return switch (it.stage) {
            case ACTIVE, PREPARING -> Verdict.PENDING;
            case LISTED -> it.decided.contains(branch) ? Verdict.COMMIT : Verdict.ABORT;
            case ENDED -> Verdict.COMMIT;
            case OVER -> Verdict.ABORT;
        };
    }

    private void reported(Transaction it, BranchId branch, BranchReport report) {
        boolean isAwaited = it.stage == Stage.LISTED && it.decided.contains(branch);
        must(
                report != BranchReport.NOTHING_FOUND || !isAwaited || it.acknowledged.contains(branch),
                () -> "a decided branch is gone: " + branch);
        must(report != BranchReport.FOUND_COMMITTED, () -> "an aborted branch is committed: " + branch);
        if (isAwaited && report == BranchReport.DONE) {
            acknowledge(it, branch);
        }
    }

    private void acknowledge(Transaction it, BranchId branch) {
        it.acknowledged.add(branch);
        if (it.acknowledged.containsAll(it.decided)) {
            it.stage = Stage.ENDED;
            it.decided.forEach(done -> wire.send(new Command.Forget(it.xid, done)));
        }
    }

    private void rowShown(Transaction it, BranchId branch) {
        must(it.stage != Stage.OVER && !isOpen(it), () -> "the row of an undecided or aborted branch: " + it);
        if (it.stage == Stage.LISTED) {
            acknowledge(it, branch);
        }
        RowVerdict verdict = it.stage == Stage.ENDED ? RowVerdict.ENDED : RowVerdict.LISTED;
        wire.send(new Command.RowAnswer(it.xid, branch, verdict));
    }

    boolean isCommitted(BranchRef ref) {
        return find(ref.xid()).decided.contains(ref.branch());
    }

    Map<BranchRef, Boolean> committed() {
        Map<BranchRef, Boolean> committed = new LinkedHashMap<>();
        all.values().forEach(it -> it.decided.forEach(branch -> committed.put(new BranchRef(it.xid, branch), true)));
        return committed;
    }

    boolean isQuiet() {
        return all.values().stream().allMatch(it -> it.stage == Stage.ENDED || it.stage == Stage.OVER);
    }

    private Transaction find(Xid xid) {
        Transaction it = all.get(xid);
        if (it == null) {
            throw new AssertionError("never begun: " + xid);
        }
        return it;
    }

    private static boolean isOpen(Transaction it) {
        return it.stage == Stage.ACTIVE || it.stage == Stage.PREPARING;
    }

    private static void must(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    @Override
    public String toString() {
        return all.values().toString();
    }
}
