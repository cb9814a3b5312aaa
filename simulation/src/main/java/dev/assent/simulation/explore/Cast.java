package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.coordinator.LogRecord;
import java.util.EnumSet;
import java.util.Set;

/** Everything that states of one walk refer to by number. Not thread-safe. */
final class Cast {
    /** A record that a node submitted and whose fate is open. */
    record Submitted(int node, LogRecord record) {}

    final Bounds bounds;
    private final Set<Reduction> reductions;
    final Slots slots;
    final Interned<Message> messages;
    final Interned<Submitted> submitted;
    final Interned<BranchEffect> work;
    final Nodes nodes;
    final Instances instances;
    final Log log;

    /**
     * @param reductions what is left out
     */
    Cast(Bounds bounds, Set<Reduction> reductions) {
        this.bounds = bounds;
        this.reductions = EnumSet.noneOf(Reduction.class);
        this.reductions.addAll(reductions);
        this.slots = does(Reduction.ALIKE) ? new Slots(bounds.branches()) : Slots.asTheyAre(bounds.branches());
        this.messages = new Interned<>(slots);
        this.submitted = new Interned<>(slots);
        this.work = new Interned<>(slots);
        this.nodes = new Nodes(slots, messages, does(Reduction.LEASES));
        this.instances = new Instances(slots, messages);
        this.log = new Log(slots);
    }

    /** Whether the walk leaves this out. */
    boolean does(Reduction reduction) {
        return reductions.contains(reduction);
    }

    /** Whether it does where messages stay under way for ever. */
    boolean doesOfMessages(Reduction reduction) {
        return bounds.hasCompleteNetwork() && does(reduction);
    }

    /** Nobody leads, nothing was begun. */
    World first() {
        World world = new World(bounds.nodes(), bounds.branches());
        for (int node = 0; node < bounds.nodes(); node++) {
            world.setNode(node, World.STATE, nodes.first(node, bounds.branches()));
        }
        for (int slot = 0; slot < bounds.branches(); slot++) {
            world.setSlot(slot, World.STATE, instances.started(slot, 0));
        }
        world.set(World.CRASHES, bounds.crashes());
        world.set(World.DUPLICATES, Math.max(0, bounds.duplicates()));
        world.set(World.DROPS, bounds.drops());
        world.set(World.HANDS, bounds.hands());
        world.set(World.OPERATORS, bounds.operators());
        world.set(World.SUSPICIONS, bounds.suspicions());
        world.set(World.REFUSALS, bounds.refusals());
        world.set(World.READERS, bounds.readers());
        world.set(World.STRAYS, bounds.strays());
        return world;
    }

    int number(Submitted append) {
        return submitted.number(append.toString(), append);
    }

    int number(Message message) {
        return messages.number(message.toString(), message);
    }

    int number(BranchEffect step) {
        return work.number(step.toString(), step);
    }
}
