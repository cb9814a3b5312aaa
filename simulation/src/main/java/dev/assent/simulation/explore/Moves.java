package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.coordinator.Input;
import java.util.ArrayList;
import java.util.List;

/** Does one action in a world. Not thread-safe. */
final class Moves {
    private final Cast cast;
    private final Turn turn;
    private final Settling settling;
    private final Steps steps;
    private final World world;

    /**
     * @param world in which everything is done
     */
    Moves(Cast cast, World world) {
        this.cast = cast;
        this.world = world;
        this.steps = new Steps(cast);
        this.turn = new Turn(cast, steps, world);
        this.settling = new Settling(cast, turn, steps, world);
    }

    /** What an actor did that it must never do, since the last {@link #act}; or empty. */
    String alarm() {
        return turn.alarm();
    }

    /** How often actions of this kind were done at once, beside those that were chosen. */
    long doneAtOnce(ActionKind kind) {
        return settling.done(kind);
    }

    /** Brings a world that was just made into the form in which every action leaves it. */
    void settle() {
        turn.begin();
        turn.touchAll();
        settling.settle();
    }

    void act(int action) {
        turn.begin();
        int small = ActionKind.small(action);
        int large = ActionKind.large(action);
        switch (ActionKind.of(action)) {
            case BEGIN -> {
                world.set(World.XID_TERM, large);
                turn.touchAll();
            }
            case CALL -> {
                if (world.get(World.SUMS) != 0) {
                    spend(World.STRAYS);
                }
                world.setLocal(small, World.ACTIVE);
                turn.instance(small, new InstanceStep.Open(world.get(World.XID_TERM)));
            }
            case WANT_COMMIT -> {
                world.set(World.SUMS, 1 + answered());
                turn.touchAll();
            }
            case REQUEST -> turn.node(small, steps.request(world, large));
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
                turn.node(small, steps.won());
            }
            case LOST -> turn.node(small, new NodeStep.Give(new Input.LeadershipLost()));
            case NEWS -> {
                world.setSlot(small, World.HEARD_TERM, large);
                turn.instance(small, steps.news(large));
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
            case HEARD_AGAIN ->
                turn.node(small, new NodeStep.HearAgain(Names.instance(large, world.ofSlot(large, World.LIFE))));
            case ABANDON, SETTLE -> operate(small, steps.operate(world, large, ActionKind.of(action)));
            case HAND -> {
                spend(World.HANDS);
                world.setLocal(small, large == 1 ? World.COMMITTED : World.ROLLED_BACK);
                world.mark(small, World.BY_HAND);
                turn.touch(small);
            }
        }
        settling.settle();
    }

    /** What is refused costs nothing: it changes nothing. */
    private void operate(int node, int step) {
        int before = world.ofNode(node, World.STATE);
        if (world.get(World.XID_TERM) > 0 && turn.node(node, step).next() != before) {
            spend(World.OPERATORS);
        }
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
