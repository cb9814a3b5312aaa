package dev.assent.simulation;

import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Command;
import dev.assent.simulation.Strike.Fate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What the loop of a shard says at the end of a turn, word by word. */
final class Words {
    private final Replica replica;
    private final Node node;
    private final World world;
    private final int shard;
    private final LoopThread thread;
    private final Runnable stepsDown;
    private final List<Effect> waiting = new ArrayList<>();
    private final ArrayDeque<Effect.Send> prepares = new ArrayDeque<>();
    private int sent;

    /**
     * @param stepsDown what is done when the core wants to be rid of the leadership
     */
    Words(Replica replica, LoopThread thread, Runnable stepsDown) {
        this.replica = replica;
        this.node = replica.node;
        this.world = node.world;
        this.shard = replica.group.shard;
        this.thread = thread;
        this.stepsDown = stepsDown;
    }

    void add(Effect effect) {
        waiting.add(effect);
    }

    /** An announcement that has not left would come after the news that it is over. */
    void announceNothing() {
        waiting.removeIf(Effect.AnnounceReady.class::isInstance);
    }

    void clear() {
        waiting.clear();
        prepares.clear();
        sent = 0;
    }

    /** The next step; false if there is none. */
    boolean step() {
        if (sent < waiting.size()) {
            say(waiting.get(sent));
            return true;
        }
        Effect.Send prepare = prepares.peek();
        if (prepare == null) {
            clear();
            return false;
        }
        if (!thread.at(FaultPoint.PREPARE_SENT, prepare).isHalt()) {
            prepares.remove();
        } else if (!node.isAlive) {
            world.marks.sometimes(Mark.CRASHED_AFTER_PREPARES);
        }
        return true;
    }

    private void say(Effect effect) {
        Fate fate = effect instanceof Effect.StepDown
                ? Fate.GOES_ON
                : thread.atPointOrStep(TurnPoints.before(effect), effect);
        if (fate.isHalt()) {
            return;
        }
        sent++;
        if (fate != Fate.IS_LOST) {
            deliver(effect);
        }
        if (fate == Fate.COMES_TWICE && !TurnPoints.comesOnce(effect)) {
            deliver(effect);
        }
    }

    private void deliver(Effect effect) {
        if (effect instanceof Effect.Send send) {
            world.trace(node, () -> "  sends " + send.to() + " " + send.command());
            node.send(send.to(), shard, send.command());
            if (send.command() instanceof Command.Prepare) {
                prepares.add(send);
            }
        } else if (effect instanceof Effect.Reply reply) {
            world.trace(node, () -> "  answers " + reply.request() + " " + reply.answer());
            world.judge.answered(reply.request(), reply.answer());
            node.reply(reply.request(), reply.answer());
        } else if (effect instanceof Effect.AnnounceReady ready) {
            world.trace(node, () -> "leads shard " + shard + " in term " + ready.term());
            if (!replica.state.decisions().isEmpty()) {
                world.marks.sometimes(Mark.LEADER_CHANGED_AFTER_DECISION);
            }
            node.announceReady(shard, ready.term());
        } else if (effect instanceof Effect.StepDown) {
            stepsDown.run();
        }
    }
}
