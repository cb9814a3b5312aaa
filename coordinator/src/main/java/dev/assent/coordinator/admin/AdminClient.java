package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.proto.v1.AdminServiceGrpc;
import dev.assent.proto.v1.ChangeMembersRequest;
import dev.assent.proto.v1.CompleteBirthRequest;
import dev.assent.proto.v1.GetNodeRequest;
import dev.assent.proto.v1.GetNodeResponse;
import dev.assent.proto.v1.GetStatusRequest;
import dev.assent.proto.v1.GetStatusResponse;
import dev.assent.proto.v1.JoinClusterRequest;
import dev.assent.proto.v1.PledgeBirthRequest;
import dev.assent.proto.v1.TransferLeadershipRequest;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Asks one node's admin calls, blocking. Thread-safe. Every call throws {@link StatusRuntimeException} if the node
 * refuses or does not answer within the deadline, and {@link IllegalArgumentException} if its answer makes no sense.
 */
public final class AdminClient {
    private final String address;
    private final Channel channel;
    private final Duration deadline;

    /**
     * Uses a channel that somebody else closes.
     *
     * @param address {@code host:port}, for messages
     * @param deadline for each call
     */
    public AdminClient(String address, Channel channel, Duration deadline) {
        this.address = address;
        this.channel = channel;
        this.deadline = deadline;
    }

    /** Where the node is, for messages. */
    public String address() {
        return address;
    }

    /** Who the node is. */
    public NodeView node() {
        GetNodeResponse node = stub().getNode(GetNodeRequest.getDefaultInstance());
        Optional<ClusterIdentity> identity =
                node.hasIdentity() ? Optional.of(AdminCodec.read(node.getIdentity())) : Optional.empty();
        return new NodeView(
                new NodeId(node.getNodeId()),
                AdminCodec.read(node.getState()),
                identity,
                AdminCodec.read(node.getConfigured()),
                node.getKnownMembersList().stream().map(NodeId::new).collect(Collectors.toUnmodifiableSet()));
    }

    /** First half of a birth. Idempotent. */
    public void pledge(ClusterIdentity identity) {
        stub().pledgeBirth(PledgeBirthRequest.newBuilder()
                .setIdentity(AdminCodec.write(identity))
                .build());
    }

    /** Second half. Idempotent. */
    public void complete(ClusterIdentity identity) {
        stub().completeBirth(CompleteBirthRequest.newBuilder()
                .setIdentity(AdminCodec.write(identity))
                .build());
    }

    /** Tells an empty node which life of a cluster it joins. Idempotent. */
    public void join(ClusterIdentity identity) {
        stub().joinCluster(JoinClusterRequest.newBuilder()
                .setIdentity(AdminCodec.write(identity))
                .build());
    }

    /**
     * Makes a node a member of a shard that this one leads. Idempotent.
     *
     * @return whether it was none
     */
    public boolean addMember(int shard, Member added) {
        return stub().changeMembers(ChangeMembersRequest.newBuilder()
                        .setShard(shard)
                        .setAdd(AdminCodec.write(added))
                        .build())
                .getChanged();
    }

    /**
     * Ends a node's membership of a shard that this one leads. Idempotent.
     *
     * @return whether it was one
     */
    public boolean removeMember(int shard, NodeId removed) {
        return stub().changeMembers(ChangeMembersRequest.newBuilder()
                        .setShard(shard)
                        .setRemove(removed.value())
                        .build())
                .getChanged();
    }

    /** Has this node hand over the leadership of a shard. Idempotent. */
    public void transferLeadership(int shard, NodeId to) {
        stub().transferLeadership(TransferLeadershipRequest.newBuilder()
                .setShard(shard)
                .setTo(to.value())
                .build());
    }

    /** How the node is. */
    public NodeStatus status() {
        GetStatusResponse status = stub().getStatus(GetStatusRequest.getDefaultInstance());
        return new NodeStatus(
                new NodeId(status.getNodeId()),
                status.getSoftware(),
                status.getDevelopment(),
                AdminCodec.read(status.getIdentity()),
                status.getShardsList().stream().map(AdminCodec::read).toList(),
                AdminCodec.read(status.getCounts()));
    }

    private AdminServiceGrpc.AdminServiceBlockingStub stub() {
        return AdminServiceGrpc.newBlockingStub(channel).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }
}
