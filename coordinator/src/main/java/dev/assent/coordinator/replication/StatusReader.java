package dev.assent.coordinator.replication;

import static org.apache.ratis.metrics.RatisMetrics.RATIS_APPLICATION_NAME_METRICS;
import static org.apache.ratis.server.metrics.RaftLogMetricsBase.RATIS_LOG_WORKER_METRICS;
import static org.apache.ratis.server.metrics.RaftLogMetricsBase.RATIS_LOG_WORKER_METRICS_DESC;
import static org.apache.ratis.server.metrics.SegmentedRaftLogMetrics.RAFT_LOG_FLUSH_COUNT;

import dev.assent.protocol.coordinator.NodeId;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;

/** Reads what Raft says about a replica. */
final class StatusReader {
    private final NodeStorage storage;
    private final NodeIdentity identity;
    private final RaftGateway gateway;

    StatusReader(NodeStorage storage, NodeIdentity identity, RaftGateway gateway) {
        this.storage = storage;
        this.identity = identity;
        this.gateway = gateway;
    }

    /** Of a replica that is not running it tells the log's size, and nothing else. */
    ShardStatus read(ShardReplica replica) {
        int shard = replica.shard();
        try {
            RaftServer.Division division = gateway.division(replica.group());
            DivisionInfo info = division.getInfo();
            TreeMap<NodeId, String> members = new TreeMap<>();
            division.getRaftConf()
                    .getCurrentPeers()
                    .forEach(peer -> members.put(new NodeId(peer.getId().toString()), peer.getAddress()));
            RaftPeerId leader = info.getLeaderId();
            return new ShardStatus(
                    shard,
                    leader == null ? Optional.empty() : Optional.of(new NodeId(leader.toString())),
                    info.isAlive() && info.isLeader() && info.isLeaderReady(),
                    info.getCurrentTerm(),
                    members,
                    info.getLastAppliedIndex(),
                    division.getRaftLog().getLastCommittedIndex(),
                    logBytes(shard),
                    forcedWrites(division));
        } catch (IOException e) {
            return new ShardStatus(shard, Optional.empty(), false, 0, new TreeMap<>(), -1, -1, logBytes(shard), 0);
        }
    }

    /** Who leads, as this replica knows; cheap enough for every refusal. */
    Optional<NodeId> leader(ShardReplica replica) {
        try {
            RaftPeerId leader = gateway.division(replica.group()).getInfo().getLeaderId();
            return leader == null ? Optional.empty() : Optional.of(new NodeId(leader.toString()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Raft counts them itself, for metrics; nothing else knows how many entries one of them covered. */
    private static long forcedWrites(RaftServer.Division division) {
        MetricRegistryInfo logWorker = new MetricRegistryInfo(
                division.getMemberId().toString(),
                RATIS_APPLICATION_NAME_METRICS,
                RATIS_LOG_WORKER_METRICS,
                RATIS_LOG_WORKER_METRICS_DESC);
        return MetricRegistries.global()
                .get(logWorker)
                .map(registry -> registry.counter(RAFT_LOG_FLUSH_COUNT).getCount())
                .orElse(0L);
    }

    private long logBytes(int shard) {
        File[] files = storage.groupDirectory(identity.group(shard))
                .resolve("current")
                .toFile()
                .listFiles((directory, name) -> name.startsWith("log_"));
        long bytes = 0;
        for (File file : files == null ? new File[0] : files) {
            bytes += file.length();
        }
        return bytes;
    }
}
