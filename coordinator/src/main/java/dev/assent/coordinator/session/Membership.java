package dev.assent.coordinator.session;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.NodeId;
import java.time.Duration;

/**
 * What a node tells every process that connects.
 *
 * @param cluster the cluster that the node belongs to
 * @param node its id
 * @param shards how many shards the cluster has, 1 to 1,024
 * @param sessionLease a process that is not heard of on any stream for so long is taken for dead; 1 ms to 1 h
 */
public record Membership(ClusterId cluster, NodeId node, int shards, Duration sessionLease) {
    public Membership {
        if (shards < 1 || shards > Xid.MAX_SHARD + 1) {
            throw new IllegalArgumentException("shards must be 1 to " + (Xid.MAX_SHARD + 1) + ", not " + shards);
        }
        if (sessionLease.toMillis() < 1 || sessionLease.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("session lease must be 1 ms to 1 h, not " + sessionLease);
        }
    }
}
