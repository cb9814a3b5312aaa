package dev.assent.simulation.explore;

import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.coordinator.LogRecord;

/** Everything that states of one walk refer to by number. Not thread-safe. */
final class Cast {
    /** A record that a node submitted and whose fate is open. */
    record Submitted(int node, LogRecord record) {}

    final Bounds bounds;
    final Slots slots;
    final Interned<Message> messages;
    final Interned<Submitted> submitted;
    final Interned<BranchEffect> work;
    final Nodes nodes;
    final Instances instances;
    final Log log;

    Cast(Bounds bounds) {
        this.bounds = bounds;
        this.slots = new Slots(bounds.branches());
        this.messages = new Interned<>(slots);
        this.submitted = new Interned<>(slots);
        this.work = new Interned<>(slots);
        this.nodes = new Nodes(slots, messages);
        this.instances = new Instances(slots, messages);
        this.log = new Log(slots);
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
