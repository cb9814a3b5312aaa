package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The node as its admin calls see it. Implementations may be called from any thread. */
public interface NodeControl {
    /** The life of a cluster that this node belongs to, as it was born; empty before its birth. */
    Optional<ClusterIdentity> identity();

    /**
     * Every node that this one knows as a member, at birth or now: under none of these ids may a node with an empty
     * directory come back. Empty before the birth.
     */
    Set<NodeId> knownMembers();

    /**
     * Writes the identity durably, formats the shards, and begins to serve; returns when the node can take part in
     * elections. Called at most once in a node's life, and only after its pledge.
     *
     * @throws IOException if the disk refuses; the node must not serve then
     */
    void birth(ClusterIdentity identity) throws IOException;

    /** Every shard that this node replicates, ascending; empty before its birth. Does not wait for anybody. */
    List<ShardStatus> shards();

    /** What the node has done since its process started. Does not wait for anybody. */
    NodeCounts counts();
}
