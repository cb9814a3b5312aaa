package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.NodeId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One shard's replica as this node sees it at one moment: for people and metrics, never for deciding anything.
 *
 * @param shard which, from 0
 * @param leader who leads, if this node has heard of one
 * @param isLeading whether that is this node, and ready
 * @param term the newest Raft term that this node has heard of
 * @param members the present members with their Raft addresses
 * @param appliedIndex the last log index applied here; -1 if none
 * @param commitIndex the last log index known here to be committed; -1 if none
 * @param logBytes what the shard's log files take on this node's disk
 * @param snapshotBytes what the newest snapshot takes; 0 if there is none
 * @param forcedWrites how often the log was forced to the disk since the replica was opened
 */
public record ShardStatus(
        int shard,
        Optional<NodeId> leader,
        boolean isLeading,
        long term,
        SortedMap<NodeId, String> members,
        long appliedIndex,
        long commitIndex,
        long logBytes,
        long snapshotBytes,
        long forcedWrites) {
    public ShardStatus {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }
}
