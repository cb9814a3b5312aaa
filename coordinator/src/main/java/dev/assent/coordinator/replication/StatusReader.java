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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;

/** Reads what Raft says about a replica. */
final class StatusReader {
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.\\d+_(\\d+)");

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
                    snapshotBytes(shard),
                    forcedWrites(division));
        } catch (IOException e) {
            return new ShardStatus(
                    shard,
                    Optional.empty(),
                    false,
                    0,
                    new TreeMap<>(),
                    -1,
                    -1,
                    logBytes(shard),
                    snapshotBytes(shard),
                    0);
        }
    }

    /** Who replicates the shard, as this replica knows. */
    ShardMembers members(ShardReplica replica) {
        try {
            RaftConfiguration configuration = gateway.division(replica.group()).getRaftConf();
            TreeMap<NodeId, MemberAddresses> members = new TreeMap<>();
            Stream.concat(configuration.getPreviousPeers().stream(), configuration.getCurrentPeers().stream())
                    .forEach(peer -> members.put(new NodeId(peer.getId().toString()), addresses(peer)));
            return new ShardMembers(configuration.getLogEntryIndex(), members);
        } catch (IOException e) {
            return ShardMembers.unknown();
        }
    }

    private static MemberAddresses addresses(RaftPeer peer) {
        String client = peer.getClientAddress();
        return new MemberAddresses(peer.getAddress(), client == null ? "" : client);
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

    /** Of the newest one; older ones are kept beside it for a while. */
    private long snapshotBytes(int shard) {
        File[] files = storage.groupDirectory(identity.group(shard))
                .resolve("sm")
                .toFile()
                .listFiles((directory, name) -> SNAPSHOT.matcher(name).matches());
        long newest = -1;
        long bytes = 0;
        for (File file : files == null ? new File[0] : files) {
            Matcher matcher = SNAPSHOT.matcher(file.getName());
            long index = matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
            if (index > newest) {
                newest = index;
                bytes = file.length();
            }
        }
        return bytes;
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
