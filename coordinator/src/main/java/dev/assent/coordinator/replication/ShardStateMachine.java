package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * One shard's replica under Raft: applies each entry to the replicated state, on leader and followers by the same
 * method, and keeps snapshots of it. Applying is synchronous, so that "applied" means the same to Raft and to us.
 *
 * <p>An entry that cannot be read, or that is another cluster's, stops the replica: skipping it would let its state
 * differ from its peers' in silence. Raft's threads call this class; it calls the listener on them.
 */
final class ShardStateMachine extends BaseStateMachine {
    private final ShardReplica replica;
    private final RecordCodec codec;
    private final SnapshotFiles snapshots;
    private final Leadership leadership;
    private final LogDisk disk;
    private final SnapshotAttempts attempts;
    private final AtomicLong bytesSinceSnapshot = new AtomicLong();
    private long lastConfigurationTerm;
    private volatile SortedSet<NodeId> membersEver = Collections.emptySortedSet();

    ShardStateMachine(ShardReplica replica) {
        this.replica = replica;
        this.codec = replica.codec();
        this.snapshots =
                new SnapshotFiles(replica.snapshotCodec(), () -> replica.onDisk(FaultPoint.SNAPSHOT_BEFORE_RENAME));
        this.attempts = new SnapshotAttempts(replica, snapshots);
        this.disk = new LogDisk(replica);
        this.leadership = new Leadership(replica.listener());
    }

    // ---- life cycle ----

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        snapshots.open(storage);
        getLifeCycle().startAndTransition(this::loadSnapshot, IOException.class);
    }

    @Override
    public void pause() {
        if (getLifeCycleState() == LifeCycle.State.RUNNING) {
            getLifeCycle().transition(LifeCycle.State.PAUSING);
            getLifeCycle().transition(LifeCycle.State.PAUSED);
        }
    }

    /** After a snapshot was installed: the leader's state replaces the own one. */
    @Override
    public void reinitialize() throws IOException {
        replica.onDisk(FaultPoint.SNAPSHOT_INSTALLED);
        getLifeCycle().startAndTransition(this::loadSnapshot, IOException.class);
    }

    private void loadSnapshot() throws IOException {
        Optional<SnapshotFiles.Loaded> loaded = snapshots.load();
        SnapshotContent content = loaded.map(SnapshotFiles.Loaded::content).orElse(SnapshotContent.EMPTY);
        replica.state().restore(content.image());
        membersEver = content.membersEver();
        setLastAppliedTermIndex(loaded.map(SnapshotFiles.Loaded::at).orElse(TermIndex.INITIAL_VALUE));
        bytesSinceSnapshot.set(0);
    }

    /** Raft's only word that a replica died by itself: it comes without an error, and nothing else would tell. */
    @Override
    public void close() {
        replica.closedByItself();
    }

    /** Comes just after {@link #close} if the shard's leader told this replica that it is no member any more. */
    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean isWholeServer) {
        if (!isWholeServer) {
            replica.removed();
        }
    }

    // ---- entries ----

    /** On the leader, before anything is appended: what would stop every replica must not get into the log. */
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        TransactionContext.Builder context = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(request.getMessage().getContent());
        try {
            LogPack pack = codec.decode(request.getMessage().getContent().asReadOnlyByteBuffer());
            return context.setStateMachineContext(pack).build();
        } catch (LogFormatException e) {
            return context.build().setException(e);
        }
    }

    @Override
    public TransactionContext startTransaction(LogEntryProto entry, RaftPeerRole role) {
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setLogEntry(entry)
                .setServerRole(role)
                .build();
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        var data = entry.getStateMachineLogEntry().getLogData();
        LogPack pack = transaction.getStateMachineContext() instanceof LogPack decoded
                ? decoded
                : decodeOrStop(entry.getIndex(), data.asReadOnlyByteBuffer());
        refuseBeforeBirth(entry.getIndex(), pack);
        List<Input.Applied> applied = new ArrayList<>(pack.records().size());
        for (LogRecord record : pack.records()) {
            boolean stood = replica.state().apply(entry.getTerm(), record);
            applied.add(new Input.Applied(entry.getTerm(), record, stood));
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        replica.listener().applied(pack.loop(), pack.number(), applied);
        announceOnceBorn();
        askForSnapshotIfDue(data.size());
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    private LogPack decodeOrStop(long index, java.nio.ByteBuffer data) {
        try {
            return codec.decode(data);
        } catch (LogFormatException e) {
            throw stop("entry " + index + " of the log of shard " + replica.shard() + ": " + e.getMessage(), e);
        }
    }

    private void refuseBeforeBirth(long index, LogPack pack) {
        boolean isFirst = pack.records().get(0) instanceof LogRecord.ClusterCreated;
        if (!isFirst && replica.state().cluster().isEmpty()) {
            throw stop(
                    "entry " + index + " of the log of shard " + replica.shard()
                            + " comes before the entry that names its cluster",
                    null);
        }
    }

    private IllegalStateException stop(String why, @Nullable Throwable cause) {
        replica.failedUnlessClosing(why);
        return new IllegalStateException(why, cause);
    }

    // ---- leadership ----

    /** Comes just before {@link #notifyLeaderReady} for the entry that makes a leader ready, on the same thread. */
    @Override
    public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto configuration) {
        lastConfigurationTerm = term;
        TreeSet<NodeId> named = new TreeSet<>(membersEver);
        Stream.concat(configuration.getPeersList().stream(), configuration.getOldPeersList().stream())
                .forEach(peer -> named.add(new NodeId(peer.getId().toStringUtf8())));
        membersEver = Collections.unmodifiableSortedSet(named);
        replica.membershipChanged();
    }

    /** Every node that a configuration which was applied has ever named. */
    SortedSet<NodeId> membersEver() {
        return membersEver;
    }

    /** Everything of earlier terms is applied. {@code notifyLeaderChanged} comes earlier and says nothing of that. */
    @Override
    public void notifyLeaderReady() {
        leadership.ready(lastConfigurationTerm);
        if (replica.state().cluster().isPresent()) {
            leadership.announce();
        } else {
            replica.appendBirthRecord();
        }
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        leadership.lost(replica.currentTerm());
    }

    /** Whether this node leads and only the shard's first record keeps it from saying so. */
    boolean awaitsBirthRecord() {
        return leadership.isPending() && replica.state().cluster().isEmpty();
    }

    private void announceOnceBorn() {
        if (replica.state().cluster().isPresent()) {
            leadership.announce();
        }
    }

    // ---- snapshots ----

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots.storage();
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex at = getLastAppliedTermIndex();
        if (at.getIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        if (newestSnapshot() < at.getIndex() && !attempts.write(at)) {
            return newestSnapshot();
        }
        bytesSinceSnapshot.set(0);
        return at.getIndex();
    }

    private long newestSnapshot() {
        SnapshotInfo newest = getLatestSnapshot();
        return newest == null ? RaftLog.INVALID_LOG_INDEX : newest.getIndex();
    }

    /** Raft counts entries; packs differ in size a thousandfold, and it is bytes that fill a disk. */
    private void askForSnapshotIfDue(int bytes) {
        long threshold = replica.snapshotBytes();
        long before = bytesSinceSnapshot.getAndAdd(bytes);
        // Asked again after every further threshold, should the first request have been refused.
        if (before / threshold != (before + bytes) / threshold) {
            replica.requestSnapshot();
        }
    }

    // ---- the log's disk ----

    @Override
    public DataApi data() {
        return disk;
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failed) {
        replica.failedUnlessClosing("the log of shard " + replica.shard() + " cannot be written: " + cause);
    }
}
