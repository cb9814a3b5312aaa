package dev.assent.coordinator.api;

import dev.assent.coordinator.shard.ShardDoor;
import dev.assent.protocol.ClusterId;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The shards of this node.
 *
 * @param cluster the life of the cluster that they belong to
 * @param doors of shard 0, 1 …: all that the cluster has
 * @param leaderHints who leads a shard, as far as this node knows: for people and as a hint, never relied on
 */
public record Shards(ClusterId cluster, List<? extends ShardDoor> doors, IntFunction<Optional<String>> leaderHints) {
    public Shards {
        doors = List.copyOf(doors);
    }
}
