package dev.assent.coordinator;

import dev.assent.coordinator.admin.ClusterIdentity;
import dev.assent.coordinator.admin.ClusterPlan;
import dev.assent.coordinator.admin.NodeControl;
import dev.assent.coordinator.admin.NodeCounts;
import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.replication.MemberAddresses;
import dev.assent.coordinator.replication.NodeIdentity;
import dev.assent.coordinator.replication.NodeMembership;
import dev.assent.coordinator.replication.NodeStorage;
import dev.assent.coordinator.replication.ReplicationException;
import dev.assent.protocol.coordinator.NodeId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** A node as its admin calls see it. */
final class ControlledNode implements NodeControl {
    /** What the node itself does and knows. */
    interface Insides {
        /** Begins to take part; its storage has an identity now. */
        void serve(NodeStorage opened) throws ReplicationException;

        /** Empty before the birth. */
        Optional<NodeMembership> membership();

        List<ShardStatus> shards();

        NodeCounts counts();
    }

    private final NodeConfig config;
    private final NodeStorage storage;
    private final Insides insides;

    ControlledNode(NodeConfig config, NodeStorage storage, Insides insides) {
        this.config = config;
        this.storage = storage;
        this.insides = insides;
    }

    @Override
    public Optional<ClusterIdentity> identity() {
        return storage.identity().map(this::known);
    }

    private ClusterIdentity known(NodeIdentity identity) {
        List<Member> members = config.cluster().members().stream()
                .filter(member -> identity.members().containsKey(member.id()))
                .toList();
        ClusterPlan plan = new ClusterPlan(identity.cluster().name(), identity.shards(), members);
        return new ClusterIdentity(plan, identity.cluster().incarnation());
    }

    @Override
    public Set<NodeId> knownMembers() {
        Set<NodeId> known = new TreeSet<>();
        storage.identity().ifPresent(identity -> known.addAll(identity.members().keySet()));
        insides.membership().ifPresent(membership -> known.addAll(membership.membersEver()));
        return known;
    }

    @Override
    public void birth(ClusterIdentity identity) throws IOException {
        enter(identity, false);
    }

    @Override
    public void join(ClusterIdentity identity) throws IOException {
        enter(identity, true);
    }

    private void enter(ClusterIdentity identity, boolean isJoining) throws IOException {
        SortedMap<NodeId, String> members = new TreeMap<>();
        identity.plan().members().forEach(member -> members.put(member.id(), member.raftAddress()));
        try {
            storage.birth(new NodeIdentity(
                    config.node().id(), identity.id(), identity.plan().shards(), members, isJoining));
            insides.serve(storage);
        } catch (ReplicationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public CompletableFuture<Boolean> addMember(int shard, Member added) {
        return membership().add(shard, added.id(), new MemberAddresses(added.raftAddress(), added.clientAddress()));
    }

    @Override
    public CompletableFuture<Boolean> removeMember(int shard, NodeId removed) {
        return membership().remove(shard, removed);
    }

    @Override
    public CompletableFuture<Boolean> transferLeadership(int shard, NodeId to) {
        return membership().transfer(shard, to);
    }

    private NodeMembership membership() {
        return insides.membership().orElseThrow(() -> new IllegalStateException("the node is not born"));
    }

    @Override
    public List<ShardStatus> shards() {
        return insides.shards();
    }

    @Override
    public NodeCounts counts() {
        return insides.counts();
    }
}
