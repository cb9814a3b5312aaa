package dev.assent.simulation.explore;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.message.Command;
import dev.assent.simulation.explore.InstanceState.Call;
import java.util.ArrayDeque;
import java.util.Deque;

/** Carries out steps of actors on a world, with what follows from them at once. Not thread-safe. */
final class Turn {
    private final Cast cast;
    private final Steps steps;
    /** What a database answered, in order. */
    private final Deque<InstanceStep> answers = new ArrayDeque<>();

    private final Databases databases;
    private final World world;

    private String alarm = "";
    private int touched;

    Turn(Cast cast, Steps steps, World world) {
        this.cast = cast;
        this.world = world;
        this.steps = steps;
        this.databases = new Databases(cast.bounds);
    }

    /** Before the next action. */
    void begin() {
        alarm = "";
        touched = 0;
    }

    /** Something about the slot is another than in the last settled world. */
    void touch(int slot) {
        touched |= 1 << slot;
    }

    /** Something about everybody is. */
    void touchAll() {
        touched = ~0;
    }

    /** What changed since the last settled world: the slots, and from {@link Names#MAX_SLOTS} on the nodes, as bits. */
    int touched() {
        return touched;
    }

    /** What an actor must never do, if one did it in this turn; or empty. */
    String alarm() {
        return alarm;
    }

    // ---- nodes ----

    NodeOutcome node(int node, NodeStep step) {
        return node(node, cast.nodes.numberOf(step));
    }

    NodeOutcome node(int node, int step) {
        NodeOutcome outcome = cast.nodes.step(world.ofNode(node, World.STATE), step);
        raise(outcome.alarm());
        touched |= 1 << Names.MAX_SLOTS + node;
        world.setNode(node, World.STATE, outcome.next());
        for (LogRecord record : outcome.appends()) {
            world.appends.add(cast.number(new Cast.Submitted(node, record)));
        }
        sendAll(outcome.sends());
        world.set(World.TOLD, world.get(World.TOLD) | outcome.told());
        if (outcome.readyTerm() > 0) {
            world.set(World.ANNOUNCED, world.get(World.ANNOUNCED) | 1 << outcome.readyTerm());
            touchAll();
        }
        if (outcome.stepsDown() && world.get(World.LEADER) == node + 1) {
            world.set(World.LEADER, 0);
            world.set(World.IS_WON_PENDING, 0);
        }
        return outcome;
    }

    /** The replica applies its next entry; every replica must say the same about it. */
    void apply(int node) {
        int position = world.ofNode(node, World.APPLIED) + 1;
        int log = cast.log.upTo(world.get(World.LOG), position);
        NodeOutcome outcome = node(node, steps.apply(log));
        world.setNode(node, World.APPLIED, position);
        if (outcome.hasStood() != cast.log.get(log).hasStood()) {
            raise("AC8 replicas differ about " + cast.log.get(log).record());
        }
    }

    /** The core is told of the next applied entry. */
    void tell(int node) {
        int position = world.ofNode(node, World.TOLD_UP_TO) + 1;
        world.setNode(node, World.TOLD_UP_TO, position);
        node(node, steps.tell(cast.log.upTo(world.get(World.LOG), position)));
    }

    void sendAll(int[] messages) {
        for (int message : messages) {
            send(message);
        }
    }

    /** What tells a branch nothing that it will not hear, or has not heard, in another way. */
    private boolean isEmpty(Command command) {
        if (command instanceof Command.BranchAnswer answer) {
            return answer.verdict() == Command.Verdict.PENDING || answer.verdict() == Command.Verdict.NOT_LEADER;
        } else if (command instanceof Command.RowAnswer answer) {
            return answer.verdict() == Command.RowVerdict.LISTED
                    || answer.verdict() == Command.RowVerdict.PENDING
                    || answer.verdict() == Command.RowVerdict.NOT_LEADER;
        }
        // The branch heeds it once it has heard of a leader of a later term, and then has aborted already.
        return command instanceof Command.EnlistRefused refused && refused.refusal() == Command.Refusal.NOT_LEADER;
    }

    void meet(int node, int slot) {
        while (world.metLife(node, slot) < world.ofSlot(slot, World.LIFE)) {
            int life = world.metLife(node, slot) + 1;
            world.setMetLife(node, slot, life);
            node(node, new NodeStep.Meet(slot, life));
        }
    }

    /** A message arrives. */
    void deliver(int actor, int message) {
        if (cast.messages.value(message) instanceof Message.Up) {
            node(actor, steps.hear(message));
        } else {
            instance(actor, steps.told(message));
        }
    }

    // ---- participants ----

    void instance(int slot, InstanceStep step) {
        instance(slot, cast.instances.numberOf(step));
    }

    void instance(int slot, int first) {
        answers.clear();
        touch(slot);
        int step = first;
        while (step >= 0) {
            InstanceOutcome outcome = cast.instances.step(world.ofSlot(slot, World.STATE), step);
            raise(outcome.alarm());
            world.setSlot(slot, World.STATE, outcome.next());
            if (cast.instances.state(outcome.next()).call() == Call.ANSWERED) {
                world.mark(slot, World.ANSWERED);
            }
            sendAll(outcome.sends());
            for (BranchEffect work : outcome.work()) {
                begin(slot, work);
            }
            step = answers.isEmpty() ? -1 : cast.instances.numberOf(answers.remove());
        }
    }

    private void send(int message) {
        if (cast.messages.value(message) instanceof Message.Down down) {
            int slot = Names.slotOf(down.to());
            boolean isDead = world.ofSlot(slot, World.LIFE) != Names.lifeOf(down.to());
            if (isDead || (cast.bounds.hasCompleteNetwork() && isEmpty(down.command()))) {
                return;
            }
        }
        world.messages.add(message);
    }

    /** A step in the database. */
    private void begin(int slot, BranchEffect work) {
        Databases.Reaction reaction = databases.asked(world, slot, work);
        reaction.answer().ifPresent(answer -> answers.add(new InstanceStep.Give(answer)));
        if (reaction.takesTime()) {
            world.work.add(cast.number(work));
        }
    }

    /** The database does what it was asked for, and the process hears of it. */
    void finish(BranchEffect work) {
        instance(Databases.slotOf(work), new InstanceStep.Give(databases.done(world, work)));
    }

    /** The step fails. */
    void refuse(BranchId branch) {
        instance(Names.slotOf(branch), new InstanceStep.Give(Databases.refusal(branch)));
    }

    /** The branch turns out to have written nothing. */
    void foundReadOnly(BranchId branch) {
        int slot = Names.slotOf(branch);
        world.mark(slot, World.WROTE_NOTHING);
        instance(slot, new InstanceStep.Give(new BranchInput.NothingWritten(branch)));
    }

    /** An actor did what it must never do; the first such thing is kept. */
    void raise(String what) {
        alarm = alarm.isEmpty() ? what : alarm;
    }
}
