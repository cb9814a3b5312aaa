package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.protocol.coordinator.NodeId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The node as its admin calls see it. Implementations may be called from any thread. */
public interface NodeControl {
    /** The life of a cluster that this node belongs to, as it was born; empty before its birth. */
    Optional<ClusterIdentity> identity();

    /**
     * Every node that this one knows as a member, now or ever: under none of these ids may a node with an empty directory
     * come back. Empty before the birth.
     */
    Set<NodeId> knownMembers();

    /**
     * Writes the identity durably, formats the shards, and begins to serve; returns when the node can take part in
     * elections. Called at most once in a node's life, and only after its pledge.
     *
     * @throws IOException if the disk refuses; the node must not serve then
     */
    void birth(ClusterIdentity identity) throws IOException;

    /**
     * The same as a birth, but into a cluster that was born without this node: nothing is voted for before the shards'
     * leaders have made it a member. Called at most once in a node's life.
     *
     * @param identity of the members only this node
     * @throws IOException if the disk refuses; the node must not serve then
     */
    void join(ClusterIdentity identity) throws IOException;

    /**
     * Makes a node a member of a shard that this one leads. Does not wait.
     *
     * @return whether it was none; fails with a {@link dev.assent.coordinator.replication.ChangeRefusedException}
     */
    CompletableFuture<Boolean> addMember(int shard, Member added);

    /**
     * Ends a node's membership of a shard that this one leads. Does not wait.
     *
     * @return whether it was one; fails with a {@link dev.assent.coordinator.replication.ChangeRefusedException}
     */
    CompletableFuture<Boolean> removeMember(int shard, NodeId removed);

    /**
     * Hands the leadership of a shard, which this node has, to a member. Does not wait.
     *
     * @return whether anything had to be done; fails with a {@link
     *     dev.assent.coordinator.replication.ChangeRefusedException}
     */
    CompletableFuture<Boolean> transferLeadership(int shard, NodeId to);

    /** Every shard that this node replicates, ascending; empty before its birth. Does not wait for anybody. */
    List<ShardStatus> shards();

    /** What the node has done since its process started. Does not wait for anybody. */
    NodeCounts counts();
}
