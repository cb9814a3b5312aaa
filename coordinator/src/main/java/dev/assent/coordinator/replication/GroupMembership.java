package dev.assent.coordinator.replication;

import dev.assent.coordinator.replication.ChangeRefusedException.Reason;
import dev.assent.protocol.coordinator.NodeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the members of one shard, one at a time, by joint consensus: the old and the new majority both agree, so the
 * shard serves throughout. Asked of its leader, which alone knows who is alive.
 *
 * <p>What is refused here would end badly whoever asks: an id that was a member before, since a node that lost its memory
 * may have voted under it; and new members of whom no majority is alive, since then the change could never end and the
 * old members could decide nothing without it either.
 */
final class GroupMembership {
    /** As many as a configuration may name. */
    private static final int MAX_MEMBERS = 9;

    private static final long PATIENCE_MILLIS = 30_000;

    private final ShardReplica replica;
    private final RaftGateway gateway;

    GroupMembership(ShardReplica replica, RaftGateway gateway) {
        this.replica = replica;
        this.gateway = gateway;
    }

    /** @return whether anything had to be done; fails with a {@link ChangeRefusedException} */
    CompletableFuture<Boolean> add(NodeId node, MemberAddresses addresses) {
        return guarded(division -> {
            List<RaftPeer> now = members(division);
            if (ids(now).contains(node.value())) {
                return CompletableFuture.completedFuture(false);
            }
            if (replica.membersEver().contains(node)) {
                throw refused(
                        Reason.ID_SPENT, "a node '" + node + "' was a member before, and no other may ever be it");
            }
            refuseClash(now, addresses);
            RaftPeer added = RaftPeer.newBuilder()
                    .setId(node.value())
                    .setAddress(addresses.raft())
                    .setClientAddress(addresses.client())
                    .build();
            List<RaftPeer> then = new ArrayList<>(now);
            then.add(added);
            // The new node counts as alive: Raft begins the change only when its replica has caught up.
            refuseWithoutMajority(division, then, Set.of(node.value()));
            return change(now, then);
        });
    }

    /** @return whether anything had to be done; fails with a {@link ChangeRefusedException} */
    CompletableFuture<Boolean> remove(NodeId node) {
        return guarded(division -> {
            List<RaftPeer> now = members(division);
            if (!ids(now).contains(node.value())) {
                return CompletableFuture.completedFuture(false);
            }
            if (division.getId().toString().equals(node.value())) {
                throw refused(Reason.LEADS, "'" + node + "' leads the shard and must hand over first");
            }
            List<RaftPeer> then = now.stream()
                    .filter(peer -> !peer.getId().toString().equals(node.value()))
                    .toList();
            refuseWithoutMajority(division, then, Set.of());
            return change(now, then);
        });
    }

    /** Fails with a {@link ChangeRefusedException}. */
    CompletableFuture<Boolean> transfer(NodeId to) {
        return guarded(division -> {
            if (!ids(members(division)).contains(to.value())) {
                throw refused(Reason.NOT_A_MEMBER, "'" + to + "' is no member of the shard");
            }
            if (division.getId().toString().equals(to.value())) {
                return CompletableFuture.completedFuture(false);
            }
            return gateway.transfer(replica.group(), RaftPeerId.valueOf(to.value()))
                    .handle(GroupMembership::done);
        });
    }

    private CompletableFuture<Boolean> change(List<RaftPeer> now, List<RaftPeer> then) {
        return gateway.setMembers(replica.group(), now, then)
                .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .handle(GroupMembership::done);
    }

    private static boolean done(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (failure == null && reply != null && reply.isSuccess()) {
            return true;
        }
        Throwable cause = failure != null ? failure : reply == null ? null : reply.getException();
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        throw refused(cause);
    }

    private static ChangeRefusedException refused(@Nullable Throwable cause) {
        if (cause instanceof NotLeaderException
                || cause instanceof LeaderNotReadyException
                || cause instanceof LeaderSteppingDownException) {
            return refused(Reason.NOT_LEADER, "the leadership is changing");
        } else if (cause instanceof ReconfigurationInProgressException) {
            return refused(Reason.CHANGE_UNDER_WAY, "another change of the members has not ended");
        } else if (cause instanceof ReconfigurationTimeoutException) {
            return refused(Reason.NOT_DONE, "the new node does not take the shard's log: it is not reached");
        } else if (cause instanceof TimeoutException) {
            return refused(Reason.NOT_DONE, "the change has not ended within " + PATIENCE_MILLIS / 1_000 + " s");
        } else if (cause instanceof SetConfigurationException) {
            return refused(Reason.CHANGE_UNDER_WAY, "the members have changed meanwhile");
        }
        return refused(Reason.NOT_DONE, cause == null ? "no answer" : String.valueOf(cause.getMessage()));
    }

    private static List<RaftPeer> members(RaftServer.Division division) {
        if (!division.getRaftConf().getPreviousPeers().isEmpty()) {
            throw refused(Reason.CHANGE_UNDER_WAY, "another change of the members has not ended");
        }
        return List.copyOf(division.getRaftConf().getCurrentPeers());
    }

    private static Set<String> ids(List<RaftPeer> peers) {
        return peers.stream().map(peer -> peer.getId().toString()).collect(Collectors.toSet());
    }

    private static void refuseClash(List<RaftPeer> now, MemberAddresses addresses) {
        if (now.size() >= MAX_MEMBERS) {
            throw refused(Reason.CLASH, "the shard has " + now.size() + " members, and may not have more");
        }
        for (RaftPeer peer : now) {
            if (peer.getAddress().equals(addresses.raft()) || addresses.client().equals(peer.getClientAddress())) {
                throw refused(Reason.CLASH, "'" + peer.getId() + "' has the same address, and must be removed first");
            }
        }
    }

    private void refuseWithoutMajority(RaftServer.Division division, List<RaftPeer> then, Set<String> alsoAlive)
            throws IOException {
        Set<String> living = gateway.livingFollowers(division);
        living.add(division.getId().toString());
        living.addAll(alsoAlive);
        List<String> silent =
                ids(then).stream().filter(id -> !living.contains(id)).sorted().toList();
        int needed = then.size() / 2 + 1;
        int alive = then.size() - silent.size();
        if (alive < needed) {
            throw refused(
                    Reason.QUORUM_AT_RISK,
                    "of the " + then.size() + " members that there would be, " + needed + " are needed and only "
                            + alive + " alive: nothing is heard of " + String.join(", ", silent));
        }
    }

    private CompletableFuture<Boolean> guarded(Change change) {
        try {
            RaftServer.Division division = gateway.division(replica.group());
            if (!division.getInfo().isAlive()
                    || !division.getInfo().isLeader()
                    || !division.getInfo().isLeaderReady()) {
                throw refused(Reason.NOT_LEADER, "this node does not lead shard " + replica.shard());
            }
            return change.on(division);
        } catch (ChangeRefusedException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(refused(Reason.NOT_LEADER, String.valueOf(e.getMessage())));
        }
    }

    private static ChangeRefusedException refused(Reason reason, String message) {
        return new ChangeRefusedException(reason, message);
    }

    private interface Change {
        CompletableFuture<Boolean> on(RaftServer.Division division) throws IOException;
    }
}
