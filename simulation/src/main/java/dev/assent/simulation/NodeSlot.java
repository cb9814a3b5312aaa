package dev.assent.simulation;

import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.StateImage;
import org.jspecify.annotations.Nullable;

/** A member of the cluster: its disk stays, its lives come and go. */
final class NodeSlot {
    final int index;
    final int place;
    final NodeId id;
    final Disk[] disks;
    private final World world;
    private @Nullable Node life;
    private long lives;

    /** What a replica finds when it starts: its last snapshot. The entries after it are in the log. */
    static final class Disk {
        StateImage image = StateImage.EMPTY;
        int index;
    }

    NodeSlot(World world, int index, int place) {
        this.world = world;
        this.index = index;
        this.place = place;
        this.id = new NodeId("node-" + index);
        this.disks = new Disk[world.parameters.shards()];
        for (int i = 0; i < disks.length; i++) {
            disks[i] = new Disk();
        }
    }

    /** The present life, if it is not stopped. */
    @Nullable
    Node node() {
        Node present = life;
        return present != null && present.isAlive ? present : null;
    }

    @Nullable
    Replica replica(int shard) {
        Node present = node();
        return present == null ? null : present.replicas[shard];
    }

    void start() {
        if (node() != null) {
            return;
        }
        Node next = new Node(world, this, ++lives);
        life = next;
        world.trace(next, () -> "starts");
        next.start();
    }
}
