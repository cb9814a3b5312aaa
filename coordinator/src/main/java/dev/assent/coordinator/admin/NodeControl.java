package dev.assent.coordinator.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The node as its admin calls see it. Implementations may be called from any thread. */
public interface NodeControl {
    /** The life of a cluster that this node belongs to, with the members that it knows now; empty before its birth. */
    Optional<ClusterIdentity> identity();

    /**
     * Writes the identity durably, formats the shards, and begins to serve; returns when the node can take part in
     * elections. Called at most once in a node's life, and only after its pledge.
     *
     * @throws IOException if the disk refuses; the node must not serve then
     */
    void birth(ClusterIdentity identity) throws IOException;

    /** Every shard that this node replicates, ascending; empty before its birth. Does not wait for anybody. */
    List<ShardStatus> shards();
}
