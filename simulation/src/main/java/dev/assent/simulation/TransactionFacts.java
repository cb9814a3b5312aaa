package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord.CommitDecided;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BlockId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is true of one xid, whoever believes what. */
final class TransactionFacts {
    final Xid xid;
    final List<LocalTransaction> branches = new ArrayList<>();
    final List<CallRun> runs = new ArrayList<>();
    private @Nullable TransactionRun run;
    /** The first record that stands. */
    @Nullable
    CommitDecided decision;
    /** Its end is in the committed log, and stood. */
    boolean hasEnded;

    boolean isTouchedByHand;
    boolean isAbandoned;
    /** Branches whose heuristic is in the committed log, and stood. */
    final List<BranchId> heuristics = new ArrayList<>();
    /** What its initiator and all who asked were told, the first of each kind. */
    @Nullable
    Answer toldCommitted;

    @Nullable
    Answer toldAborted;

    boolean isSettled;

    TransactionFacts(Xid xid, @Nullable TransactionRun run) {
        this.xid = xid;
        this.run = run;
    }

    Luck luck(Luck otherwise) {
        TransactionRun present = run;
        return present == null ? otherwise : present.luck;
    }

    void worksFor(TransactionRun present) {
        run = present;
    }

    @Nullable
    TransactionRun run() {
        return run;
    }

    void ran(World world, CallRun call) {
        if (runs.stream().anyMatch(other -> other.path == call.path)) {
            world.marks.sometimes(Mark.CALL_RAN_TWICE);
        }
        runs.add(call);
    }

    @Nullable
    LocalTransaction branch(BranchId id) {
        for (LocalTransaction branch : branches) {
            if (branch.ref.branch().equals(id)) {
                return branch;
            }
        }
        return null;
    }

    boolean isDecided() {
        return decision != null;
    }

    boolean isDecidedFor(BranchId branch) {
        CommitDecided decided = decision;
        return decided != null && decided.branches().contains(branch);
    }

    boolean isForgotten(World world) {
        return world.judge.log(xid.shard()).isForgotten(BlockId.of(xid));
    }

    /** Whether any branch did something that lasts, or may. */
    boolean hasEffect() {
        return decision != null
                || branches.stream()
                        .anyMatch(b -> b.state == LocalTransaction.State.COMMITTED
                                || b.state == LocalTransaction.State.PREPARED);
    }
}
