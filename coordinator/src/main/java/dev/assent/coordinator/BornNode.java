package dev.assent.coordinator;

import dev.assent.coordinator.admin.ShardMember;
import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.coordinator.api.PendingCalls;
import dev.assent.coordinator.api.Shards;
import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.replication.NodeIdentity;
import dev.assent.coordinator.replication.NodeMembership;
import dev.assent.coordinator.replication.NodeStorage;
import dev.assent.coordinator.replication.RaftEndpoint;
import dev.assent.coordinator.replication.RaftNode;
import dev.assent.coordinator.replication.ReplicationException;
import dev.assent.coordinator.replication.ShardMembers;
import dev.assent.coordinator.session.Membership;
import dev.assent.coordinator.session.ParticipantSessions;
import dev.assent.coordinator.session.StreamLimits;
import dev.assent.coordinator.shard.Clocks;
import dev.assent.coordinator.shard.Core;
import dev.assent.coordinator.shard.LoopSettings;
import dev.assent.coordinator.shard.ShardLoop;
import dev.assent.coordinator.shard.ShardWorld;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.ShardIdentity;
import dev.assent.protocol.coordinator.ShardSettings;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What runs on a node once it belongs to a cluster: the replicas, a loop for each shard, and the streams. */
final class BornNode {
    private final RaftNode raft;
    private final List<ShardLoop> loops;
    private final ParticipantSessions sessions;

    private BornNode(RaftNode raft, List<ShardLoop> loops, ParticipantSessions sessions) {
        this.raft = raft;
        this.loops = List.copyOf(loops);
        this.sessions = sessions;
    }

    /**
     * Starts everything.
     *
     * @param pending answers unary calls
     * @param onStopped told why a shard stopped for good
     * @throws ReplicationException if the logs cannot be opened; nothing runs then
     */
    static BornNode start(
            NodeConfig config, NodeStorage storage, NodeHooks hooks, PendingCalls pending, Consumer<String> onStopped)
            throws ReplicationException {
        RaftEndpoint endpoint =
                RaftEndpoint.plain(config.node().listenHost(), config.node().raftPort());
        RaftNode raft = new RaftNode(
                storage, endpoint, SettingsOfShards.replication(config), clientAddresses(config), hooks.faults());
        List<ShardLoop> loops = loops(raft, SettingsOfShards.core(config));
        NodeIdentity identity = raft.identity();
        ParticipantSessions sessions = new ParticipantSessions(
                new Membership(
                        identity.cluster(),
                        identity.node(),
                        identity.shards(),
                        config.sessions().sessionLease()),
                loops,
                StreamLimits.DEFAULTS);
        for (ShardLoop loop : loops) {
            loop.start(new ShardWorld(
                    raft.log(loop.shard()),
                    sessions.postman(loop.shard()),
                    pending,
                    hooks.observer(),
                    hooks.faults(),
                    onStopped));
        }
        BornNode node = new BornNode(raft, loops, sessions);
        raft.onMembershipChange(node::tellMembers);
        boolean isStarted = false;
        try {
            raft.start(loops::get);
            isStarted = true;
            return node;
        } finally {
            if (!isStarted) {
                node.closeOwn();
            }
        }
    }

    private static Map<NodeId, String> clientAddresses(NodeConfig config) {
        return config.cluster().members().stream().collect(Collectors.toMap(Member::id, Member::clientAddress));
    }

    private static List<ShardLoop> loops(RaftNode raft, ShardSettings settings) {
        SecureRandom random = new SecureRandom();
        Clocks clocks = Clocks.system();
        NodeIdentity identity = raft.identity();
        List<ShardLoop> loops = new ArrayList<>();
        for (int shard = 0; shard < identity.shards(); shard++) {
            // Never 0, which is the life of no loop.
            long life = random.nextLong() | 1;
            ShardIdentity own = new ShardIdentity(identity.cluster(), shard, identity.node(), life);
            Core core = Core.of(new ShardCore(own, settings, raft.state(shard)));
            loops.add(new ShardLoop(own, core, LoopSettings.DEFAULT, clocks));
        }
        return loops;
    }

    /** As those who serve calls see them. */
    Shards shards() {
        return new Shards(
                raft.identity().cluster(), loops, shard -> raft.leader(shard).map(NodeId::value));
    }

    ParticipantSessions sessions() {
        return sessions;
    }

    List<ShardStatus> statuses() {
        return loops.stream().map(this::status).toList();
    }

    /** Writes to all logs that were forced to the disk since the process started. */
    long forcedWrites() {
        return loops.stream()
                .mapToLong(loop -> raft.status(loop.shard()).forcedWrites())
                .sum();
    }

    /** Who the members of the shards are and were, and changing them. */
    NodeMembership membership() {
        return raft.membership();
    }

    /** Processes keep a stream to every node: without the news, those they know would be replaced one by one. */
    private void tellMembers() {
        NodeMembership membership = raft.membership();
        long version = 0;
        SortedMap<NodeId, String> addresses = new TreeMap<>();
        for (ShardLoop loop : loops) {
            ShardMembers members = membership.members(loop.shard());
            // Each shard's index only grows, and so does their sum: it orders the lists of different nodes.
            version += members.index() + 1;
            members.members().forEach((node, at) -> addresses.put(node, at.client()));
        }
        addresses.values().removeIf(String::isEmpty);
        sessions.tellMembers(version, addresses);
    }

    private ShardStatus status(ShardLoop loop) {
        dev.assent.coordinator.replication.ShardStatus seen = raft.status(loop.shard());
        List<ShardMember> members = new ArrayList<>();
        raft.membership()
                .members(loop.shard())
                .members()
                .forEach((node, at) -> members.add(new ShardMember(node, at.client(), at.raft())));
        return new ShardStatus(
                loop.shard(),
                new ShardStatus.Leadership(seen.leader(), seen.term(), loop.readyTerm() > 0),
                new ShardStatus.Progress(seen.commitIndex(), seen.appliedIndex()),
                new ShardStatus.Disk(seen.logBytes(), seen.snapshotBytes(), seen.forcedWrites()),
                members);
    }

    /** Hands the leaderships over first, with the loops still there to tell whoever waits; takes a few seconds at most. */
    void close() {
        raft.close();
        closeOwn();
    }

    /** Stops without a word to anybody. */
    void kill() {
        loops.forEach(ShardLoop::close);
        raft.closeAbruptly();
        sessions.close();
    }

    private void closeOwn() {
        sessions.close();
        loops.forEach(ShardLoop::close);
    }
}
