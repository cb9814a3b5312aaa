package dev.assent.coordinator.replication;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * Requests to this node's own Raft server. Each has a number of its own, since Raft answers a number that it has seen
 * from memory. Failures come as an exceptional future or as an unsuccessful reply; callers look at both.
 *
 * <p>Thread-safe.
 */
final class RaftGateway {
    /** How long a planned hand-over of the leadership may take before the leader merely steps down. */
    static final long TRANSFER_TIMEOUT_MILLIS = 2_000;

    private final RaftServer server;
    private final long livenessMillis;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    /** @param livenessMillis a follower not heard of for longer is no heir of the leadership */
    RaftGateway(RaftServer server, long livenessMillis) {
        this.server = server;
        this.livenessMillis = livenessMillis;
    }

    RaftServer server() {
        return server;
    }

    RaftServer.Division division(RaftGroupId group) throws IOException {
        return server.getDivision(group);
    }

    /** Appends one entry. The bytes must not be changed afterwards. */
    CompletableFuture<RaftClientReply> append(RaftGroupId group, byte[] entry) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(server.getId())
                .setGroupId(group)
                .setCallId(calls.incrementAndGet())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        return guarded(() -> server.submitClientRequestAsync(request));
    }

    /** Creates a group, or opens one that is on disk; returns when it runs. */
    void addGroup(RaftGroup group, boolean format) throws IOException {
        RaftClientReply reply = server.groupManagement(
                GroupManagementRequest.newAdd(client, server.getId(), calls.incrementAndGet(), group, format));
        if (!reply.isSuccess()) {
            throw new IOException("group " + group.getGroupId() + " could not be opened", reply.getException());
        }
    }

    /** Takes a snapshot at the entry applied last; purges the log that it covers. */
    CompletableFuture<RaftClientReply> takeSnapshot(RaftGroupId group) {
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                client, server.getId(), group, calls.incrementAndGet(), TimeUnit.MINUTES.toMillis(1), 1);
        return guarded(() -> server.snapshotManagementAsync(request));
    }

    /**
     * Gives the leadership to the follower that is furthest, if one is alive, so that nobody waits for an election;
     * else, or if that fails, just steps down. Does nothing on a follower.
     */
    CompletableFuture<RaftClientReply> giveUp(RaftGroupId group) {
        RaftPeerId heir = heir(group);
        if (heir == null) {
            return transfer(group, null);
        }
        return transfer(group, heir)
                .exceptionally(failure -> null)
                .thenCompose(reply -> reply != null && reply.isSuccess()
                        ? CompletableFuture.completedFuture(reply)
                        : transfer(group, null));
    }

    /** Replaces the members, unless they are others than {@code now} already. Done when the new ones have committed it. */
    CompletableFuture<RaftClientReply> setMembers(RaftGroupId group, List<RaftPeer> now, List<RaftPeer> then) {
        SetConfigurationRequest.Arguments change = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(now)
                .setServersInNewConf(then)
                .build();
        SetConfigurationRequest request =
                new SetConfigurationRequest(client, server.getId(), group, calls.incrementAndGet(), change);
        return guarded(() -> server.setConfigurationAsync(request));
    }

    /** @param to null to step down in favour of nobody */
    CompletableFuture<RaftClientReply> transfer(RaftGroupId group, @Nullable RaftPeerId to) {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                client, server.getId(), group, calls.incrementAndGet(), to, TRANSFER_TIMEOUT_MILLIS);
        return guarded(() -> server.transferLeadershipAsync(request));
    }

    /** Followers that this node, as the leader, has heard of lately. */
    Set<String> livingFollowers(RaftServer.Division division) throws IOException {
        return division.getInfo().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
                .filter(follower -> follower.getLastRpcElapsedTimeMs() <= livenessMillis)
                .map(RaftGateway::name)
                .collect(Collectors.toSet());
    }

    private @Nullable RaftPeerId heir(RaftGroupId group) {
        try {
            RaftServer.Division division = division(group);
            Map<String, Long> committed = new HashMap<>();
            for (CommitInfoProto info : division.getCommitInfos()) {
                committed.put(info.getServer().getId().toStringUtf8(), info.getCommitIndex());
            }
            return livingFollowers(division).stream()
                    .max(Comparator.comparing((String name) -> committed.getOrDefault(name, -1L))
                            .thenComparing(Comparator.naturalOrder()))
                    .map(RaftPeerId::valueOf)
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    private static String name(ServerRpcProto follower) {
        return follower.getId().getId().toStringUtf8();
    }

    private interface Call {
        CompletableFuture<RaftClientReply> run() throws IOException;
    }

    private static CompletableFuture<RaftClientReply> guarded(Call call) {
        try {
            return call.run();
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
