package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What belongs to one shard on this node: its state, its log, its listener, and its way to the Raft server. */
final class ShardReplica {
    private static final Logger LOG = LoggerFactory.getLogger(ShardReplica.class);

    /** The life of the loop under which the shard's first record is written: no loop is there yet. */
    private static final long NO_LOOP = 0;

    private static final long BIRTH_RETRY_MILLIS = 100;

    /** Raft closes a replica that was removed, which takes it a second or two, and says why only then. */
    private static final long WORD_OF_REMOVAL_MILLIS = 10_000;

    private final RaftNode node;
    private final NodeIdentity identity;
    private final int shard;
    private final ReplicatedState state = new ReplicatedState();
    private final RaftGroupId group;
    private final RecordCodec codec;
    private final RaftShardLog log = new RaftShardLog(this);
    private volatile @Nullable LogListener listener;
    private volatile @Nullable ShardStateMachine machine;
    private volatile boolean isRemoved;

    ShardReplica(RaftNode node, NodeIdentity identity, int shard) {
        this.node = node;
        this.identity = identity;
        this.shard = shard;
        // Kept, because it is a digest and every append names it.
        this.group = RaftGroupId.valueOf(identity.group(shard));
        this.codec = new RecordCodec(identity.cluster(), shard);
    }

    int shard() {
        return shard;
    }

    RaftGroupId group() {
        return group;
    }

    ReplicatedState state() {
        return state;
    }

    RaftShardLog log() {
        return log;
    }

    RecordCodec codec() {
        return codec;
    }

    SnapshotCodec snapshotCodec() {
        return new SnapshotCodec(identity.cluster(), shard);
    }

    int maxEntryBytes() {
        return node.settings().log().maxEntryBytes();
    }

    /** Its log is at a step of the disk, which may refuse. */
    void onDisk(FaultPoint point) throws IOException {
        node.faults().onDisk(point, shard);
    }

    long snapshotBytes() {
        return node.settings().log().snapshotBytes();
    }

    RaftGateway gateway() {
        return node.gateway();
    }

    LogListener listener() {
        LogListener present = listener;
        if (present == null) {
            throw new IllegalStateException("shard " + shard + " has not been started");
        }
        return present;
    }

    /** Raft's side of the replica, made anew for each start of the group. */
    ShardStateMachine newStateMachine() {
        ShardStateMachine made = new ShardStateMachine(this);
        machine = made;
        return made;
    }

    void setListener(LogListener hears) {
        listener = hears;
    }

    void later(long delay, TimeUnit unit, Runnable work) {
        node.later(delay, unit, work);
    }

    void refused(long loop, long packNumber, String why) {
        ShardStateMachine present = machine;
        if (loop == NO_LOOP && present != null) {
            retryBirthRecord(present);
        } else {
            listener().refused(loop, packNumber, why);
        }
    }

    /**
     * Nobody knows whether a pack was appended, and the leadership is being given up. Should that fail, a loop waits and
     * asks for it again; for the first record nobody would, and the shard would have a leader that never says so.
     */
    void unanswered(long loop) {
        ShardStateMachine present = machine;
        if (loop == NO_LOOP && present != null) {
            retryBirthRecord(present);
        }
    }

    /**
     * The first leader ever writes which cluster and shard the log is of. Until that is applied it has not told that it
     * leads, so that no record of a transaction can come before. Called on a thread of Raft that must not wait.
     */
    void appendBirthRecord() {
        later(
                0,
                TimeUnit.MILLISECONDS,
                () -> log.append(
                        NO_LOOP,
                        1,
                        List.of(new LogRecord.ClusterCreated(identity.cluster(), shard, identity.shards()))));
    }

    private void retryBirthRecord(ShardStateMachine present) {
        later(BIRTH_RETRY_MILLIS, TimeUnit.MILLISECONDS, () -> {
            if (present.awaitsBirthRecord()) {
                appendBirthRecord();
            }
        });
    }

    /** Takes a snapshot soon; the log that it covers is purged. */
    void requestSnapshot() {
        later(0, TimeUnit.MILLISECONDS, () -> {
            var unused = gateway().takeSnapshot(group()).whenComplete((reply, failure) -> {
                if (failure != null || !reply.isSuccess()) {
                    LOG.warn(
                            "Shard {}: no snapshot taken: {}", shard, failure != null ? failure : reply.getException());
                }
            });
        });
    }

    /** The newest term known to this replica; for ordering leadership news only, never for deciding. */
    long currentTerm() {
        try {
            RaftServer.Division division = gateway().division(group());
            return division.getInfo().getCurrentTerm();
        } catch (IOException e) {
            // The replica is going down: no readiness may be told any more, of whatever term.
            LOG.debug("Shard {}: term not known", shard, e);
            return Long.MAX_VALUE;
        }
    }

    /** Every node that was ever a member of the shard, as far as its log is applied here. */
    SortedSet<NodeId> membersEver() {
        ShardStateMachine present = machine;
        return present == null ? Collections.emptySortedSet() : present.membersEver();
    }

    void membershipChanged() {
        node.membershipChanged();
    }

    /** Whether the shard's leader said that this node is no member of it any more. */
    boolean isRemoved() {
        return isRemoved;
    }

    void removed() {
        isRemoved = true;
        node.removedFrom(shard);
    }

    /** A replica hears that it was removed when it stands for election; in any other role it has died of something. */
    void closedByItself() {
        String died = "the replica of shard " + shard + " stopped by itself";
        if (!isCandidate()) {
            failedUnlessClosing(died);
            return;
        }
        later(WORD_OF_REMOVAL_MILLIS, TimeUnit.MILLISECONDS, () -> {
            if (!isRemoved) {
                failedUnlessClosing(died);
            }
        });
    }

    private boolean isCandidate() {
        try {
            return node.isStarted() && gateway().division(group).getInfo().getCurrentRole() == RaftPeerRole.CANDIDATE;
        } catch (IOException e) {
            LOG.debug("Shard {}: role not known", shard, e);
            return false;
        }
    }

    void failedUnlessClosing(String why) {
        node.failedUnlessClosing(why);
    }
}
