package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.protocol.coordinator.NodeId;
import java.util.Optional;

/** Between the contract's messages and this package's values; refuses what is malformed. Stateless. */
final class AdminCodec {
    private AdminCodec() {}

    static dev.assent.proto.v1.ClusterPlan write(ClusterPlan plan) {
        dev.assent.proto.v1.ClusterPlan.Builder builder = dev.assent.proto.v1.ClusterPlan.newBuilder()
                .setName(plan.name())
                .setShards(plan.shards());
        plan.members().forEach(member -> builder.addMembers(write(member)));
        return builder.build();
    }

    static dev.assent.proto.v1.Member write(Member member) {
        return dev.assent.proto.v1.Member.newBuilder()
                .setId(member.id().value())
                .setHost(member.host())
                .setClientPort(member.clientPort())
                .setRaftPort(member.raftPort())
                .build();
    }

    static dev.assent.proto.v1.ClusterIdentity write(ClusterIdentity identity) {
        return dev.assent.proto.v1.ClusterIdentity.newBuilder()
                .setPlan(write(identity.plan()))
                .setIncarnation(identity.incarnation())
                .build();
    }

    static dev.assent.proto.v1.ShardStatus write(ShardStatus status) {
        dev.assent.proto.v1.ShardStatus.Builder builder = dev.assent.proto.v1.ShardStatus.newBuilder()
                .setShard(status.shard())
                .setLeader(status.leadership().leader().map(NodeId::value).orElse(""))
                .setReady(status.leadership().isReady())
                .setTerm(status.leadership().term())
                .setAppliedIndex(Math.max(0, status.progress().appliedIndex()))
                .setCommitIndex(Math.max(0, status.progress().commitIndex()))
                .setLogBytes(status.disk().logBytes())
                .setSnapshotBytes(status.disk().snapshotBytes())
                .setForcedWrites(status.disk().forcedWrites());
        status.members()
                .forEach(member -> builder.addMembers(dev.assent.proto.v1.ShardMember.newBuilder()
                        .setId(member.id().value())
                        .setClientAddress(member.clientAddress())
                        .setRaftAddress(member.raftAddress())));
        return builder.build();
    }

    static dev.assent.proto.v1.NodeCounts write(NodeCounts counts) {
        return dev.assent.proto.v1.NodeCounts.newBuilder()
                .setEntries(counts.entries())
                .setRecords(counts.records())
                .setForcedWrites(counts.forcedWrites())
                .build();
    }

    static dev.assent.proto.v1.BirthState write(BirthState state) {
        return switch (state) {
            case EMPTY -> dev.assent.proto.v1.BirthState.EMPTY;
            case PLEDGED -> dev.assent.proto.v1.BirthState.PLEDGED;
            case BORN -> dev.assent.proto.v1.BirthState.BORN;
        };
    }

    /**
     * Reads what came over the wire.
     *
     * @throws IllegalArgumentException if anything in it is out of bounds
     */
    static ClusterPlan read(dev.assent.proto.v1.ClusterPlan plan) {
        return new ClusterPlan(
                plan.getName(),
                plan.getShards(),
                plan.getMembersList().stream().map(AdminCodec::read).toList());
    }

    static ClusterIdentity read(dev.assent.proto.v1.ClusterIdentity identity) {
        return new ClusterIdentity(read(identity.getPlan()), identity.getIncarnation());
    }

    static BirthState read(dev.assent.proto.v1.BirthState state) {
        return switch (state) {
            case EMPTY -> BirthState.EMPTY;
            case PLEDGED -> BirthState.PLEDGED;
            case BORN -> BirthState.BORN;
            default -> throw new IllegalArgumentException("the node's birth state is not known here: " + state);
        };
    }

    static ShardStatus read(dev.assent.proto.v1.ShardStatus status) {
        Optional<NodeId> leader =
                status.getLeader().isEmpty() ? Optional.empty() : Optional.of(new NodeId(status.getLeader()));
        return new ShardStatus(
                status.getShard(),
                new ShardStatus.Leadership(leader, status.getTerm(), status.getReady()),
                new ShardStatus.Progress(status.getCommitIndex(), status.getAppliedIndex()),
                new ShardStatus.Disk(status.getLogBytes(), status.getSnapshotBytes(), status.getForcedWrites()),
                status.getMembersList().stream()
                        .map(member -> new ShardMember(
                                new NodeId(member.getId()), member.getClientAddress(), member.getRaftAddress()))
                        .toList());
    }

    static NodeCounts read(dev.assent.proto.v1.NodeCounts counts) {
        return new NodeCounts(counts.getEntries(), counts.getRecords(), counts.getForcedWrites());
    }

    static Member read(dev.assent.proto.v1.Member member) {
        return new Member(new NodeId(member.getId()), member.getHost(), member.getClientPort(), member.getRaftPort());
    }
}
