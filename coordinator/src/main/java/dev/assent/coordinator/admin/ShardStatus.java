package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.util.Optional;

/**
 * A shard as one of its replicas sees it; others may be ahead.
 *
 * @param shard from 0
 * @param leadership who leads it
 * @param appliedIndex the last log entry that was applied here
 * @param logBytes what the log takes on this node's disk
 */
public record ShardStatus(int shard, Leadership leadership, long appliedIndex, long logBytes) {
    /**
     * Who leads.
     *
     * @param leader empty if this replica knows none
     * @param term Raft's current term
     * @param isReady this node leads and has begun to serve
     */
    public record Leadership(Optional<NodeId> leader, long term, boolean isReady) {}
}
