package dev.assent.coordinator.replication;

import dev.assent.proto.log.v1.Abandoned;
import dev.assent.proto.log.v1.Block;
import dev.assent.proto.log.v1.ClusterCreated;
import dev.assent.proto.log.v1.CommitDecided;
import dev.assent.proto.log.v1.HeuristicFound;
import dev.assent.proto.log.v1.LeaderStarted;
import dev.assent.proto.log.v1.Settled;
import dev.assent.proto.log.v1.TransactionNumber;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.message.BlockId;

/**
 * Each record of one shard's log as its message of {@code assent.log.v1}, and back; entries and snapshots share it.
 * Everything read is checked; what is wrong is an {@link IllegalArgumentException} whose message names it.
 */
final class RecordMapping {
    private final ClusterId cluster;
    private final int shard;

    RecordMapping(ClusterId cluster, int shard) {
        this.cluster = cluster;
        this.shard = shard;
    }

    TransactionNumber number(Xid xid) {
        RecordChecks.check(
                xid.shard() == shard && xid.cluster().equals(cluster),
                xid + " belongs to another log than that of shard " + shard + " of " + cluster);
        return TransactionNumber.newBuilder()
                .setTerm(xid.term())
                .setSeq(xid.seq())
                .build();
    }

    Xid xid(TransactionNumber number) {
        return new Xid(cluster, shard, number.getTerm(), number.getSeq());
    }

    static Block block(BlockId block) {
        return Block.newBuilder()
                .setTerm(block.term())
                .setNumber(block.number())
                .build();
    }

    static BlockId block(Block block) {
        RecordChecks.checkBlock(block.getTerm(), block.getNumber());
        return new BlockId(block.getTerm(), block.getNumber());
    }

    ClusterCreated toMessage(LogRecord.ClusterCreated created) {
        checkOwn(created);
        return ClusterCreated.newBuilder()
                .setCluster(created.cluster().toString())
                .setShard(created.shard())
                .setShards(created.shards())
                .build();
    }

    LogRecord.ClusterCreated fromMessage(ClusterCreated message) {
        var created = new LogRecord.ClusterCreated(
                ClusterId.parse(message.getCluster()), message.getShard(), message.getShards());
        RecordChecks.checked(created);
        checkOwn(created);
        return created;
    }

    private void checkOwn(LogRecord.ClusterCreated created) {
        RecordChecks.check(
                created.shard() == shard && created.cluster().equals(cluster),
                "the log is that of shard " + created.shard() + " of cluster " + created.cluster()
                        + "; this node's identity says shard " + shard + " of cluster " + cluster);
    }

    static LeaderStarted toMessage(LogRecord.LeaderStarted started) {
        return LeaderStarted.newBuilder()
                .setNode(started.node().value())
                .setLoop(started.loop())
                .build();
    }

    static LogRecord.LeaderStarted fromMessage(LeaderStarted message) {
        return new LogRecord.LeaderStarted(new NodeId(message.getNode()), message.getLoop());
    }

    CommitDecided toMessage(LogRecord.CommitDecided decided) {
        CommitDecided.Builder message =
                CommitDecided.newBuilder().setXid(number(decided.xid())).setAtMillis(decided.atMillis());
        decided.branches().forEach(branch -> message.addBranches(branch.toString()));
        return message.build();
    }

    LogRecord.CommitDecided fromMessage(CommitDecided message) {
        var decided = new LogRecord.CommitDecided(
                xid(message.getXid()),
                message.getBranchesList().stream().map(BranchId::parse).toList(),
                message.getAtMillis());
        RecordChecks.checked(decided);
        return decided;
    }

    HeuristicFound toMessage(LogRecord.HeuristicFound found) {
        return HeuristicFound.newBuilder()
                .setXid(number(found.xid()))
                .setBranch(found.branch().toString())
                .setKind(
                        switch (found.kind()) {
                            case COMMITTED -> dev.assent.proto.log.v1.HeuristicKind.HEURISTIC_COMMITTED;
                            case ROLLED_BACK -> dev.assent.proto.log.v1.HeuristicKind.HEURISTIC_ROLLED_BACK;
                        })
                .build();
    }

    LogRecord.HeuristicFound fromMessage(HeuristicFound message) {
        HeuristicKind kind = switch (message.getKind()) {
            case HEURISTIC_COMMITTED -> HeuristicKind.COMMITTED;
            case HEURISTIC_ROLLED_BACK -> HeuristicKind.ROLLED_BACK;
            default -> throw new IllegalArgumentException("a heuristic without a known kind");
        };
        return new LogRecord.HeuristicFound(xid(message.getXid()), BranchId.parse(message.getBranch()), kind);
    }

    Abandoned toMessage(LogRecord.Abandoned abandoned) {
        return Abandoned.newBuilder()
                .setXid(number(abandoned.xid()))
                .setBranch(abandoned.branch().toString())
                .setOperator(abandoned.operator())
                .setReason(abandoned.reason())
                .build();
    }

    LogRecord.Abandoned fromMessage(Abandoned message) {
        var abandoned = new LogRecord.Abandoned(
                xid(message.getXid()), BranchId.parse(message.getBranch()), message.getOperator(), message.getReason());
        RecordChecks.checked(abandoned);
        return abandoned;
    }

    Settled toMessage(LogRecord.Settled settled) {
        return Settled.newBuilder()
                .setXid(number(settled.xid()))
                .setBranch(settled.branch().toString())
                .setOperator(settled.operator())
                .setReason(settled.reason())
                .build();
    }

    LogRecord.Settled fromMessage(Settled message) {
        var settled = new LogRecord.Settled(
                xid(message.getXid()), BranchId.parse(message.getBranch()), message.getOperator(), message.getReason());
        RecordChecks.checked(settled);
        return settled;
    }
}
