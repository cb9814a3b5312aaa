package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * A shard as one of its replicas sees it; others may be ahead.
 *
 * @param shard from 0
 * @param leadership who leads it
 * @param progress how far the log has come here
 * @param disk what it takes and costs on this node's disk
 * @param members who replicates it, by id; while a change is under way, those before and after it
 */
public record ShardStatus(int shard, Leadership leadership, Progress progress, Disk disk, List<ShardMember> members) {
    public ShardStatus {
        members = List.copyOf(members);
    }

    /**
     * Who leads.
     *
     * @param leader empty if this replica knows none
     * @param term Raft's current term
     * @param isReady this node leads and has begun to serve
     */
    public record Leadership(Optional<NodeId> leader, long term, boolean isReady) {}

    /**
     * How far the log has come.
     *
     * @param commitIndex the last entry that is known here to be committed
     * @param appliedIndex the last entry that was applied here
     */
    public record Progress(long commitIndex, long appliedIndex) {}

    /**
     * What the shard takes on the node's disk.
     *
     * @param logBytes of its log's files, which are allocated ahead
     * @param snapshotBytes of its newest snapshot; 0 if there is none
     * @param forcedWrites of its log, since the replica was opened
     */
    public record Disk(long logBytes, long snapshotBytes, long forcedWrites) {}

    /** Whether the node replicates the shard, as this replica knows. */
    public boolean hasMember(NodeId node) {
        return members.stream().anyMatch(member -> member.id().equals(node));
    }
}
