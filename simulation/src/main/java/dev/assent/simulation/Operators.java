package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.StateImage;
import dev.assent.protocol.message.Request;
import org.jspecify.annotations.Nullable;

/** People: they decide prepared branches at a database's console, give branches up, and settle what is left. */
final class Operators {
    private static final String NAME = "op";
    private final World world;

    Operators(World world) {
        this.world = world;
    }

    /** A branch was prepared: somebody may lose patience with it. */
    void prepared(Database database, LocalTransaction work) {
        Luck luck = world.judge.luckOf(work.ref.xid(), world.outside.luck);
        if (!world.faults.strikes(FaultKind.HEURISTIC, luck)) {
            return;
        }
        boolean isCommit = world.dice.chance(Purpose.HAND, luck, 50);
        long later = soon(luck);
        world.after(later, world.outside, () -> {
            if (work.state == LocalTransaction.State.PREPARED) {
                database.decideByHand(work, isCommit);
            }
        });
    }

    private long soon(Luck luck) {
        long most = world.dice.chance(Purpose.HAND, luck, 60) ? 10_000 : 3_000_000;
        return world.dice.between(Purpose.HAND, luck, 0, most) * WorldParameters.MICRO;
    }

    /** A commit was decided: somebody may lose patience with one of its branches. */
    void decided(LogRecord.CommitDecided decided) {
        Luck luck = world.judge.luckOf(decided.xid(), world.outside.luck);
        if (!world.faults.strikes(FaultKind.ABANDONED, luck)) {
            return;
        }
        long later = soon(luck);
        BranchId branch = decided.branches().get(0);
        world.after(later, world.outside, () -> {
            TransactionFacts of = world.judge.of(decided.xid());
            if (!of.hasEnded) {
                call(decided.xid(), new Request.Abandon(decided.xid(), branch, NAME, "it does not come back"));
            }
        });
        // Some even take its acknowledgement upon them, though it may come back.
        if (world.dice.chance(Purpose.HAND, luck, 50)) {
            world.after(later + soon(luck), world.outside, () -> {
                if (world.judge.of(decided.xid()).isAbandoned) {
                    call(decided.xid(), new Request.Settle(decided.xid(), branch, NAME, "looked at"));
                }
            });
        }
    }

    /** Nobody remembers the outcome: somebody finds out what it was, and does it. */
    void stuck(BranchRef ref) {
        world.after(WorldParameters.SECOND, world.outside, () -> {
            for (Database database : world.databases) {
                LocalTransaction work = database.prepared(ref);
                if (work != null) {
                    database.decideByHand(work, world.judge.of(ref.xid()).isDecidedFor(ref.branch()));
                }
            }
        });
    }

    private void call(Xid about, Request request) {
        Node leader = leader(about.shard());
        if (leader != null) {
            world.trace(world.outside, () -> "an operator asks " + leader + ": " + request);
            leader.operatorCalls(about.shard(), request);
        }
    }

    private @Nullable Node leader(int shard) {
        Node best = null;
        for (NodeSlot slot : world.nodes) {
            Node node = slot.node();
            if (node != null && node.leads(shard) > (best == null ? 0 : best.leads(shard))) {
                best = node;
            }
        }
        return best;
    }

    /** Settles whatever is waiting for people, once and again until nothing is. */
    void settleEverything() {
        for (RaftGroup group : world.groups) {
            Node leader = leader(group.shard);
            if (leader == null) {
                continue;
            }
            StateImage image = leader.replicas[group.shard].state.image();
            for (LogRecord.HeuristicFound found : image.heuristics()) {
                if (found.kind() == HeuristicKind.COMMITTED) {
                    makeGood(new BranchRef(found.xid(), found.branch()));
                }
                call(found.xid(), new Request.Settle(found.xid(), found.branch(), NAME, "made good"));
            }
            for (LogRecord.Abandoned gaveUp : image.abandoned()) {
                call(gaveUp.xid(), new Request.Settle(gaveUp.xid(), gaveUp.branch(), NAME, "looked at"));
            }
        }
    }

    private void makeGood(BranchRef branch) {
        for (Database database : world.databases) {
            if (database.resource.equals(branch.branch().resource())) {
                database.removeByHand(branch);
            }
        }
    }
}
