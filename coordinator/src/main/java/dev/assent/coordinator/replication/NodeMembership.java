package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.NodeId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Who the members of the shards are, as this node knows, and changing them where this node leads. Thread-safe. */
public final class NodeMembership {
    private final NodeIdentity identity;
    private final List<ShardReplica> replicas;
    private final RaftGateway gateway;
    private final StatusReader reader;

    NodeMembership(NodeIdentity identity, List<ShardReplica> replicas, RaftGateway gateway, StatusReader reader) {
        this.identity = identity;
        this.replicas = List.copyOf(replicas);
        this.gateway = gateway;
        this.reader = reader;
    }

    /** Who replicates the shard at this moment. */
    public ShardMembers members(int shard) {
        return reader.members(replicas.get(shard));
    }

    /**
     * Every node that this one knows to be a member of a shard or to have been one. A node of such an id with an empty
     * directory has lost its log, and must not join under it.
     */
    public Set<NodeId> membersEver() {
        Set<NodeId> ever = new TreeSet<>(identity.members().keySet());
        for (ShardReplica replica : replicas) {
            ever.addAll(replica.membersEver());
            ever.addAll(reader.members(replica).members().keySet());
        }
        return ever;
    }

    /**
     * Makes a node a member of the shard, once its replica has caught up.
     *
     * @return whether it was none; fails with a {@link ChangeRefusedException}
     */
    public CompletableFuture<Boolean> add(int shard, NodeId node, MemberAddresses addresses) {
        return of(shard).add(node, addresses);
    }

    /**
     * Ends a node's membership of the shard.
     *
     * @return whether it was one; fails with a {@link ChangeRefusedException}
     */
    public CompletableFuture<Boolean> remove(int shard, NodeId node) {
        return of(shard).remove(node);
    }

    /**
     * Hands the leadership of the shard to a member.
     *
     * @return whether anything had to be done; fails with a {@link ChangeRefusedException}
     */
    public CompletableFuture<Boolean> transfer(int shard, NodeId to) {
        return of(shard).transfer(to);
    }

    private GroupMembership of(int shard) {
        return new GroupMembership(replicas.get(shard), gateway);
    }
}
