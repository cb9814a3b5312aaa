package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.StateImage;
import dev.assent.protocol.message.Answer;
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
        int count = decided.branches().size();
        int first = world.dice.below(Purpose.HAND, luck, count);
        abandon(decided.xid(), decided.branches().get(first), luck);
        if (count > 1 && world.dice.chance(Purpose.HAND, luck, 30)) {
            world.marks.sometimes(Mark.TWO_ABANDONED);
            abandon(decided.xid(), decided.branches().get((first + 1) % count), luck);
        }
    }

    private void abandon(Xid xid, BranchId branch, Luck luck) {
        long later = soon(luck);
        world.after(later, world.outside, () -> {
            if (!world.judge.of(xid).hasEnded) {
                call(xid, new Request.Abandon(xid, branch, NAME, "it does not come back"), luck);
            }
        });
        // Some even take its acknowledgement upon them, though it may come back; and two may do so at once.
        int settlers = world.dice.below(Purpose.HAND, luck, 3);
        for (int i = 0; i < settlers; i++) {
            String who = NAME + (world.dice.chance(Purpose.HAND, luck, 50) ? "" : i);
            later += soon(luck);
            world.after(later, world.outside, () -> {
                if (world.judge.of(xid).isAbandoned) {
                    call(xid, new Request.Settle(xid, branch, who, "looked at"), luck);
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

    /** Calls whoever seems to lead, which people do not always know; what is lost they do not repeat. */
    private void call(Xid about, Request request, Luck luck) {
        boolean isSure = world.faults.isOver() || world.dice.chance(Purpose.HAND, luck, 70);
        Node to = isSure
                ? leader(about.shard())
                : world.nodes
                        .get(world.dice.below(Purpose.HAND, luck, world.nodes.size()))
                        .node();
        if (to != null) {
            world.trace(world.outside, () -> "an operator asks " + to + ": " + request);
            to.calls.call(world.outside, about.shard(), request, luck, answer -> answered(request, answer));
        }
    }

    private void answered(Request request, Answer answer) {
        boolean isRefused = answer instanceof Answer.Refused refused
                && (refused.reason() == Answer.Reason.NOT_LEADER || refused.reason() == Answer.Reason.NOT_APPLICABLE);
        if (isRefused) {
            world.marks.sometimes(Mark.OPERATOR_REFUSED);
        } else if (!(answer instanceof Answer.Done)) {
            throw new Violation(Violation.Law.HEURISTICS, request + " is answered " + answer);
        }
    }

    /** The node that says that it leads in the latest term, or null. */
    @Nullable
    Node leader(int shard) {
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
        for (Database database : world.databases) {
            if (database.needsReopening()) {
                database.restart(1, world.outside.luck);
            }
        }
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
                call(
                        found.xid(),
                        new Request.Settle(found.xid(), found.branch(), NAME, "made good"),
                        world.outside.luck);
            }
            for (LogRecord.Abandoned gaveUp : image.abandoned()) {
                Request settle = new Request.Settle(gaveUp.xid(), gaveUp.branch(), NAME, "looked at");
                call(gaveUp.xid(), settle, world.outside.luck);
            }
        }
    }

    private void makeGood(BranchRef branch) {
        for (Database database : world.databases) {
            if (database.resource.equals(branch.branch().resource())) {
                database.rows.takeBack(branch);
            }
        }
    }
}
