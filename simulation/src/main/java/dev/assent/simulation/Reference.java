package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.coordinator.LogRecord.CommitDecided;
import dev.assent.protocol.coordinator.StateImage;
import dev.assent.simulation.LocalTransaction.State;
import dev.assent.simulation.Violation.Law;
import org.jspecify.annotations.Nullable;

/** Asked at the end, when nothing moves any more: what everybody was told, held against what the databases hold. */
final class Reference {
    private final World world;

    Reference(World world) {
        this.world = world;
    }

    void compare() {
        for (TransactionFacts of : world.judge.all()) {
            CommitDecided decision = of.decision;
            for (LocalTransaction branch : of.branches) {
                branch(of, branch, decision);
            }
            for (CallRun run : of.runs) {
                run(of, run, decision);
            }
            told(of);
            undone(of);
        }
        replicas();
    }

    private void branch(TransactionFacts of, LocalTransaction branch, @Nullable CommitDecided decision) {
        BranchId id = branch.ref.branch();
        boolean isDecided = decision != null && decision.branches().contains(id);
        boolean isAgainst = branch.state == (isDecided ? State.ROLLED_BACK : State.COMMITTED);
        if (!isAgainst) {
            if (branch.isByHand) {
                world.marks.sometimes(Mark.HAND_WITH_DECISION);
            }
            return;
        }
        if (!branch.isByHand) {
            throw new Violation(Law.AC1, branch.ref + " is " + branch.state + (isDecided ? ", decided COMMIT" : ""));
        }
        // Who has acknowledged a commit is never asked again: if its database then loses it and somebody rolls it back
        // by
        // hand, no process can notice.
        boolean isUnseen = branch.isCommitLost;
        boolean isReported = of.heuristics.contains(id) || of.isAbandoned || of.isForgotten(world) || isUnseen;
        if (!isReported) {
            throw new Violation(Law.HEURISTICS, branch + " against the decision, and nobody was told");
        }
    }

    /** What a call did lasts exactly if the transaction committed, and then its caller must have counted it. */
    private void run(TransactionFacts of, CallRun run, @Nullable CommitDecided decision) {
        LocalTransaction work = run.work();
        if (work == null || work.isByHand || !run.isToLast()) {
            return;
        }
        boolean lasts = work.state == State.COMMITTED && work.runs.contains(run);
        if (lasts && !run.isAccounted()) {
            throw new Violation(
                    Law.AC3, "call " + run.path + " of " + of.xid + " lasts, and its caller does not know of it");
        }
        boolean mustLast = run.isAccounted() && (decision != null || of.toldCommitted != null);
        if (mustLast && !lasts) {
            throw new Violation(
                    Law.AC3, "call " + run.path + " of " + of.xid + " was answered OK and did not last: " + work);
        }
    }

    private void told(TransactionFacts of) {
        TransactionRun run = of.run();
        if (run == null || !run.isCommitWanted() || !of.xid.equals(run.xid())) {
            return;
        }
        if (of.isDecided() && run.hasFailedCall()) {
            throw new Violation(Law.AC3, of.xid + " is decided COMMIT, and a call of it failed");
        }
        if (world.isCalm() && of.toldCommitted == null) {
            throw new Violation(Law.AC5, of.xid + " met no fault and was told " + of.toldAborted);
        }
    }

    private void undone(TransactionFacts of) {
        TransactionRun run = of.run();
        if (run != null && run.isUndone() && of.toldCommitted != null) {
            world.marks.sometimes(Mark.ATTEMPT_UNDONE);
        }
    }

    /** Whoever has applied the same entries holds the same state, whatever snapshots and restarts lie between. */
    private void replicas() {
        for (RaftGroup group : world.groups) {
            StateImage first = null;
            for (NodeSlot slot : world.nodes) {
                Replica replica = slot.replica(group.shard);
                if (replica == null || replica.applied() != group.committed.size()) {
                    continue;
                }
                StateImage image = replica.state.image();
                if (first != null && !first.equals(image)) {
                    throw new Violation(
                            Law.AC8, "replicas of shard " + group.shard + " differ: " + first + " / " + image);
                }
                first = image;
            }
        }
    }
}
