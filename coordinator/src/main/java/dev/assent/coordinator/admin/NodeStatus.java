package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.util.List;

/**
 * How a node is.
 *
 * @param id its id
 * @param software version of what it runs
 * @param development it permits what production refuses
 * @param identity the life of the cluster that it belongs to, as it was born
 * @param shards every shard that it replicates, ascending
 * @param counts what it has done since its process started
 */
public record NodeStatus(
        NodeId id,
        String software,
        boolean development,
        ClusterIdentity identity,
        List<ShardStatus> shards,
        NodeCounts counts) {
    public NodeStatus {
        shards = List.copyOf(shards);
    }
}
