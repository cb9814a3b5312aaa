package dev.assent.coordinator.session;

import dev.assent.coordinator.shard.Postman;
import dev.assent.coordinator.shard.ShardInbox;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.ParticipantServiceGrpc;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of all processes that are connected to this node. What they say goes to the shards' inboxes; what shards say
 * to them goes through {@link #postman}. Thread-safe; nothing blocks.
 *
 * <p>The server that it is added to may use a direct executor, should limit messages to 4 MiB, and must permit keep-alive
 * pings every 10 s, which the processes send.
 */
public final class ParticipantSessions extends ParticipantServiceGrpc.ParticipantServiceImplBase
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ParticipantSessions.class);

    private final SessionContext context;
    private final ScheduledExecutorService timer;
    private volatile boolean isClosed;

    /**
     * @param inboxes of the shards that this node has
     */
    public ParticipantSessions(Membership membership, List<? extends ShardInbox> inboxes, StreamLimits limits) {
        SortedMap<Integer, ShardInbox> byShard = new TreeMap<>();
        for (ShardInbox inbox : inboxes) {
            if (inbox.shard() < 0 || inbox.shard() >= membership.shards() || byShard.containsKey(inbox.shard())) {
                throw new IllegalArgumentException(
                        "shard " + inbox.shard() + " is not of this cluster, or given twice");
            }
            byShard.put(inbox.shard(), inbox);
        }
        this.context = new SessionContext(
                membership,
                limits,
                byShard,
                new SessionTable(List.copyOf(byShard.values())),
                ConcurrentHashMap.newKeySet(),
                new LongAdder(),
                System::nanoTime);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "assent-sessions");
            thread.setDaemon(true);
            return thread;
        });
        long everyMillis = Math.max(1, Math.min(1000, membership.sessionLease().toMillis() / 4));
        Future<?> unused = timer.scheduleWithFixedDelay(this::check, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    /** The way from one shard to the instances; for that shard's thread alone. */
    public Postman postman(int shard) {
        if (!context.inboxes().containsKey(shard)) {
            throw new IllegalArgumentException("this node does not have shard " + shard);
        }
        return new ShardPostman(shard, context.table());
    }

    /**
     * Tells all processes, and each that comes, where the cluster's nodes are.
     *
     * @param version grows with every change, whichever node tells of it
     * @param addresses {@code host:port} of each node, for applications; nothing is told if there is none
     */
    public void tellMembers(long version, SortedMap<NodeId, String> addresses) {
        if (!addresses.isEmpty()) {
            context.table().announceMembers(version, addresses);
        }
    }

    /** How many instances are connected. */
    public int connectedCount() {
        return context.table().streams().size();
    }

    /** How many frames of kinds that newer versions know were skipped. */
    public long unknownFrameCount() {
        return context.unknownFrames().sum();
    }

    @Override
    public StreamObserver<InstanceMessage> connect(StreamObserver<NodeMessage> responses) {
        ServerCallStreamObserver<NodeMessage> observer = (ServerCallStreamObserver<NodeMessage>) responses;
        InstanceStream stream = new InstanceStream(context, observer);
        observer.disableAutoRequest();
        observer.setOnReadyHandler(stream::transportReady);
        observer.setOnCancelHandler(stream::broken);
        context.openStreams().add(stream);
        if (isClosed) {
            stream.end(stopping());
        } else {
            stream.start();
        }
        return stream;
    }

    /** Ends all streams, which loses nobody: the processes go to other nodes. */
    @Override
    public void close() {
        isClosed = true;
        timer.shutdownNow();
        context.openStreams().forEach(stream -> stream.end(stopping()));
    }

    private void check() {
        for (InstanceStream stream : context.openStreams()) {
            try {
                stream.check();
            } catch (RuntimeException failed) {
                // Thrown on, it would end the timer in silence, and with it every check of every stream.
                LOG.error("A stream could not be checked", failed);
            }
        }
    }

    private static StreamRefusal stopping() {
        return new StreamRefusal(Code.UNAVAILABLE, "STOPPING", "this node stops");
    }
}
