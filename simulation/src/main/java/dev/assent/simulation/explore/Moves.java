package dev.assent.simulation.explore;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Does one action in a world. Not thread-safe. */
final class Moves {
    /** Requests of the initiator, in the order of their numbers. */
    static final int REQUESTS = 4;

    static final int COMMIT_REQUEST = 1;

    private final Cast cast;
    private final Turn turn;
    private final Settling settling;
    private final World world;
    private final int[] requestSteps = new int[1 << 12];

    /**
     * @param world in which everything is done
     */
    Moves(Cast cast, World world) {
        this.cast = cast;
        this.world = world;
        Steps steps = new Steps(cast);
        this.turn = new Turn(cast, steps, world);
        this.settling = new Settling(cast, turn, steps, world);
    }

    /** What an actor did that it must never do, since the last {@link #act}; or empty. */
    String alarm() {
        return turn.alarm();
    }

    /** Brings a world that was just made into the form in which every action leaves it. */
    void settle() {
        turn.begin();
        for (int slot = 0; slot < world.slots(); slot++) {
            turn.touch(slot);
        }
        settling.settle();
    }

    void act(int action) {
        turn.begin();
        int small = ActionKind.small(action);
        int large = ActionKind.large(action);
        switch (ActionKind.of(action)) {
            case BEGIN -> world.set(World.XID_TERM, large);
            case CALL -> {
                if (world.get(World.SUMS) != 0) {
                    spend(World.STRAYS);
                }
                world.setLocal(small, World.ACTIVE);
                turn.instance(small, new InstanceStep.Open(world.get(World.XID_TERM)));
            }
            case WANT_COMMIT -> world.set(World.SUMS, 1 + answered());
            case REQUEST -> turn.node(small, requestStep(large));
            case DELIVER -> {
                if (!cast.bounds.hasCompleteNetwork()) {
                    world.messages.remove(large);
                }
                turn.deliver(small, large);
            }
            case DUPLICATE -> {
                spend(World.DUPLICATES);
                turn.deliver(small, large);
            }
            case DROP -> {
                spend(World.DROPS);
                world.messages.remove(large);
            }
            case WORK, REFUSE, READ_ONLY -> work(ActionKind.of(action), large);
            case APPEND -> {
                world.appends.remove(large);
                world.set(
                        World.LOG,
                        cast.log.append(
                                world.get(World.LOG),
                                world.get(World.TERM),
                                cast.submitted.value(large).record()));
            }
            case APPLY -> turn.apply(small);
            case TELL -> turn.tell(small);
            case ELECT -> {
                world.set(World.TERM, world.get(World.TERM) + 1);
                world.set(World.LEADER, small + 1);
                world.setNode(small, World.ELECTED, 1);
                world.set(World.IS_WON_PENDING, 1);
            }
            case WON -> {
                world.set(World.IS_WON_PENDING, 0);
                turn.node(small, new NodeStep.Give(new Input.LeadershipWon()));
            }
            case LOST -> turn.node(small, new NodeStep.Give(new Input.LeadershipLost()));
            case NEWS -> {
                world.setSlot(small, World.HEARD_TERM, large);
                turn.instance(small, new InstanceStep.Give(new BranchInput.LeaderReady(0, large)));
            }
            case MEET -> turn.meet(small, large);
            case NODE_TIMER -> turn.node(small, new NodeStep.Fire(large));
            case INSTANCE_TIMER -> turn.instance(small, new InstanceStep.Fire(large));
            case CRASH_NODE -> crashNode(small);
            case CRASH_INSTANCE -> crashInstance(small);
            case SUSPECT -> {
                spend(World.SUSPICIONS);
                turn.node(small, new NodeStep.Suspect(Names.instance(large, world.ofSlot(large, World.LIFE))));
            }
            case HAND -> {
                spend(World.HANDS);
                world.setLocal(small, large == 1 ? World.COMMITTED : World.ROLLED_BACK);
                world.mark(small, World.BY_HAND);
                turn.touch(small);
            }
        }
        settling.settle();
    }

    private void spend(int budget) {
        world.set(budget, world.get(budget) - 1);
    }

    /** The slots whose call was answered OK, as bits: the account of an honest initiator. */
    private int answered() {
        int answered = 0;
        for (int slot = 0; slot < world.slots(); slot++) {
            answered |= world.is(slot, World.ANSWERED) ? 1 << slot : 0;
        }
        return answered;
    }

    private int requestStep(int kind) {
        int at = (world.get(World.XID_TERM) * REQUESTS + kind) << Names.MAX_SLOTS + 1 | world.get(World.SUMS);
        if (requestSteps[at] == 0) {
            requestSteps[at] = 1 + cast.nodes.numberOf(new NodeStep.Give(request(kind)));
        }
        return requestSteps[at] - 1;
    }

    private Input.Requested request(int kind) {
        Xid xid = Names.xid(world.get(World.XID_TERM));
        Request request = switch (kind) {
            case 0 -> new Request.Begin(Optional.of(xid), Times.TIMEOUT_NANOS);
            case COMMIT_REQUEST -> new Request.Commit(xid, AnswerMode.AFTER_APPLY, sums());
            case 2 -> new Request.Rollback(xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK));
            default -> new Request.OutcomeQuestion(xid);
        };
        return new Input.Requested(new RequestId("initiator", kind), request);
    }

    private CallSums sums() {
        List<CallSums.BranchCalls> branches = new ArrayList<>();
        for (int slot = 0; slot < world.slots(); slot++) {
            if ((world.get(World.SUMS) - 1 >> slot & 1) != 0) {
                branches.add(new CallSums.BranchCalls(Names.branch(slot), 1));
            }
        }
        return new CallSums(branches, true);
    }

    private void work(ActionKind kind, int number) {
        world.work.remove(number);
        BranchEffect effect = cast.work.value(number);
        if (kind == ActionKind.WORK) {
            turn.finish(effect);
        } else if (kind == ActionKind.REFUSE) {
            spend(World.REFUSALS);
            turn.refuse(Databases.unvoted(effect));
        } else {
            spend(World.READERS);
            turn.foundReadOnly(Databases.unvoted(effect));
        }
    }

    private void crashNode(int node) {
        spend(World.CRASHES);
        List<Integer> lives = new ArrayList<>();
        for (int slot = 0; slot < world.slots(); slot++) {
            lives.add(world.ofSlot(slot, World.LIFE));
            world.setMetLife(node, slot, world.ofSlot(slot, World.LIFE));
        }
        int loop = world.ofNode(node, World.LOOP) + 1;
        world.setNode(node, World.LOOP, loop);
        turn.node(node, new NodeStep.Restart(loop, lives));
        // The old core is told nothing more; the new one does not need what it missed to follow.
        world.setNode(node, World.TOLD_UP_TO, world.ofNode(node, World.APPLIED));
        if (world.get(World.LEADER) == node + 1) {
            world.set(World.IS_WON_PENDING, 1);
        }
    }

    private void crashInstance(int slot) {
        spend(World.CRASHES);
        turn.touch(slot);
        int life = world.ofSlot(slot, World.LIFE) + 1;
        world.setSlot(slot, World.LIFE, life);
        world.setSlot(slot, World.HEARD_TERM, 0);
        world.setSlot(slot, World.STATE, cast.instances.started(slot, life));
        if (world.local(slot) == World.ACTIVE || world.local(slot) == World.EVIDENCE) {
            world.setLocal(slot, World.UNPREPARED_GONE);
        }
        for (int i = world.work.size() - 1; i >= 0; i--) {
            if (Databases.slotOf(cast.work.value(world.work.get(i))) == slot) {
                world.work.removeAt(i);
            }
        }
        for (int i = world.messages.size() - 1; i >= 0; i--) {
            if (cast.messages.value(world.messages.get(i)) instanceof Message.Down down
                    && Names.slotOf(down.to()) == slot) {
                world.messages.removeAt(i);
            }
        }
    }
}
