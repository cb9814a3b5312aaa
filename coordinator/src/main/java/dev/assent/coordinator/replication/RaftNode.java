package dev.assent.coordinator.replication;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ReplicatedState;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.statemachine.StateMachine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in the replication of all shards: one Raft server with one group per shard.
 *
 * <p>Made from a storage that has an identity; {@link #state} and {@link #log} can be handed out at once, and
 * {@link #start} joins the peers. When a log cannot be written, or a replica stops by itself, every shard's listener
 * hears of it and the whole server is closed: a leader with a dead disk would go on sending heartbeats and keep its
 * shard from electing another.
 *
 * <p>Thread-safe.
 */
public final class RaftNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);

    private final NodeStorage storage;
    private final NodeIdentity identity;
    private final RaftEndpoint endpoint;
    private final ReplicationSettings settings;
    private final FaultSeam faults;
    private final Map<NodeId, String> clientAddresses;
    private final List<ShardReplica> replicas = new ArrayList<>();
    private final ScheduledExecutorService worker;
    private final StartGate gate = new StartGate();
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private volatile @Nullable RaftGateway gateway;
    private volatile Runnable onMembershipChange = () -> {};

    /**
     * @param storage open; stays the caller's, to be closed after this node
     * @throws ReplicationException if the node was not born yet
     */
    public RaftNode(NodeStorage storage, RaftEndpoint endpoint, ReplicationSettings settings)
            throws ReplicationException {
        this(storage, endpoint, settings, Map.of(), FaultSeam.NONE);
    }

    /**
     * @param storage open; stays the caller's, to be closed after this node
     * @param clientAddresses where applications reach the members that the cluster was born with; the log passes them on
     * @param faults called at the steps of the logs' disks
     * @throws ReplicationException if the node was not born yet
     */
    public RaftNode(
            NodeStorage storage,
            RaftEndpoint endpoint,
            ReplicationSettings settings,
            Map<NodeId, String> clientAddresses,
            FaultSeam faults)
            throws ReplicationException {
        this.faults = faults;
        this.storage = storage;
        this.endpoint = endpoint;
        this.settings = settings;
        this.clientAddresses = Map.copyOf(clientAddresses);
        this.identity = storage.identity()
                .orElseThrow(() -> new ReplicationException("This node is not part of a cluster yet."));
        for (int shard = 0; shard < identity.shards(); shard++) {
            replicas.add(new ShardReplica(this, identity, shard));
        }
        this.worker = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "assent-raft-" + identity.node());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Who this node is; peers may ask, before they let a node with an empty directory join under its id. */
    public NodeIdentity identity() {
        return identity;
    }

    /** The shard's replicated state. The same object for the life of this node; snapshots are restored into it. */
    public ReplicatedState state(int shard) {
        return replicas.get(shard).state();
    }

    /** The shard's log; usable once the node has been started. */
    public ShardLog log(int shard) {
        return replicas.get(shard).log();
    }

    /**
     * Opens every shard's log, creating those that an unfinished birth did not come to, and joins the peers. Returns
     * when all replicas run; entries on disk are applied once a leader tells how far they are committed.
     *
     * @param listeners one per shard; each hears of its shard until {@link #close} returns
     * @throws ReplicationException if a log is missing or damaged, the port is taken, or the disk refuses; the node is
     *     closed then
     */
    public void start(IntFunction<LogListener> listeners) throws ReplicationException {
        List<Integer> toFormat = storage.shardsToFormat();
        checkPortIsFree();
        replicas.forEach(replica -> replica.setListener(listeners.apply(replica.shard())));
        boolean isStarted = false;
        try {
            startServer(toFormat);
            storage.markFormed();
            isStarted = true;
        } catch (IOException | RuntimeException e) {
            throw new ReplicationException("Node " + identity.node() + " cannot start its logs: " + rootMessage(e), e);
        } finally {
            if (!isStarted) {
                isClosing.set(true);
                closeServer();
            }
        }
    }

    private void startServer(List<Integer> toFormat) throws IOException {
        RaftProperties properties = RaftSettings.properties(settings, endpoint);
        File groups = storage.raftDirectory().toFile();
        if (!groups.isDirectory() && !groups.mkdirs()) {
            throw new IOException("directory " + groups + " cannot be created");
        }
        // While it is built, the server opens every group that it finds on disk, knowing no peers: one that stopped
        // before its first entry would then never elect anybody. So it is shown the groups only afterwards, one by one
        // and with the peers they were born with; the configuration in a group's own log still wins over these.
        RaftSettings.setStorageDirectory(properties, new File(groups, "none"));
        RaftServer server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(identity.node().value()))
                .setProperties(properties)
                .setParameters(RaftSettings.parameters(endpoint, gate))
                .setStateMachineRegistry(this::stateMachine)
                .build();
        RaftGateway made =
                new RaftGateway(server, settings.elections().timeoutMax().toMillis());
        gateway = made;
        RaftSettings.setStorageDirectory(properties, groups);
        server.start();
        for (ShardReplica replica : replicas) {
            boolean isNew = toFormat.contains(replica.shard())
                    && !new File(groups, replica.group().getUuid().toString()).exists();
            made.addGroup(raftGroup(replica.group()), isNew);
        }
        gate.open();
    }

    private StateMachine stateMachine(RaftGroupId group) {
        return replicas.stream()
                .filter(replica -> replica.group().equals(group))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("group " + group + " is not of this cluster"))
                .newStateMachine();
    }

    private RaftGroup raftGroup(RaftGroupId group) {
        List<RaftPeer> peers = new ArrayList<>();
        if (!identity.isJoined()) {
            identity.members()
                    .forEach((node, address) -> peers.add(RaftPeer.newBuilder()
                            .setId(node.value())
                            .setAddress(address)
                            .setClientAddress(clientAddresses.get(node))
                            .build()));
        }
        return RaftGroup.valueOf(group, peers);
    }

    /** Has this told, on a thread of this node, after members of a shard have changed; to be called before the start. */
    public void onMembershipChange(Runnable changed) {
        onMembershipChange = changed;
    }

    void membershipChanged() {
        later(0, TimeUnit.MILLISECONDS, onMembershipChange);
    }

    /** Who the members of the shards are and were, and changing them; usable once the node has been started. */
    public NodeMembership membership() {
        return new NodeMembership(identity, replicas, gateway(), new StatusReader(storage, identity, gateway()));
    }

    /** The shard goes on without this node, which serves the others that it is a member of, until there is none. */
    void removedFrom(int shard) {
        LOG.info("Node {} is no member of shard {} any more", identity.node(), shard);
        if (!replicas.stream().allMatch(ShardReplica::isRemoved)) {
            return;
        }
        try {
            storage.markRemoved();
        } catch (ReplicationException e) {
            LOG.warn("Node {} could not note that it was removed: {}", identity.node(), e.getMessage());
        }
        failedUnlessClosing("node " + identity.node() + " was removed from its cluster");
    }

    /** The shard's replica at this moment, for people and metrics. */
    public ShardStatus status(int shard) {
        return new StatusReader(storage, identity, gateway()).read(replicas.get(shard));
    }

    /** Who leads the shard, as this node knows at this moment: a hint. */
    public Optional<NodeId> leader(int shard) {
        return new StatusReader(storage, identity, gateway()).leader(replicas.get(shard));
    }

    /** Hands the leaderships over, applies what is committed, and closes. Takes a few seconds at most. */
    @Override
    public void close() {
        if (isClosing.compareAndSet(false, true) && gateway != null && !hasFailed.get()) {
            handOver();
        }
        closeServer();
    }

    /** Closes without handing anything over, as the death of the process would; what is on disk stays as it is. */
    public void closeAbruptly() {
        isClosing.set(true);
        closeServer();
    }

    private void handOver() {
        CompletableFuture<?>[] given = replicas.stream()
                .filter(replica -> status(replica.shard()).isLeading())
                .map(replica -> gateway().giveUp(replica.group()))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(given).get(RaftGateway.TRANSFER_TIMEOUT_MILLIS + 500, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Leadership not handed over, peers will elect a new leader: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever comes second waits for the first: when a node is said to be closed, its port and its files are free. */
    private synchronized void closeServer() {
        worker.shutdown();
        RaftGateway present = gateway;
        if (present != null) {
            try {
                present.server().close();
            } catch (IOException e) {
                LOG.warn("Raft server of node {} did not close cleanly: {}", identity.node(), e.toString());
            }
        }
    }

    ShardReplica replica(int shard) {
        return replicas.get(shard);
    }

    ReplicationSettings settings() {
        return settings;
    }

    StartGate gate() {
        return gate;
    }

    FaultSeam faults() {
        return faults;
    }

    boolean isStarted() {
        return gateway != null;
    }

    RaftGateway gateway() {
        RaftGateway present = gateway;
        if (present == null) {
            throw new IllegalStateException("node " + identity.node() + " has not been started");
        }
        return present;
    }

    /** Runs on the node's own thread: Raft's threads must not wait. Dropped while the node closes. */
    void later(long delay, TimeUnit unit, Runnable work) {
        try {
            // The work reports its own failures; nobody waits for it.
            var unused = worker.schedule(() -> runGuarded(work), delay, unit);
        } catch (RejectedExecutionException e) {
            LOG.debug("Dropped while closing", e);
        }
    }

    private void runGuarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failedUnlessClosing("internal error of replication: " + e);
        }
    }

    void failedUnlessClosing(String why) {
        if (isClosing.get() || !hasFailed.compareAndSet(false, true)) {
            return;
        }
        LOG.error("Node {} stops: {}", identity.node(), why);
        replicas.forEach(replica -> replica.listener().failed(why));
        later(0, TimeUnit.MILLISECONDS, this::closeServer);
    }

    private void checkPortIsFree() throws ReplicationException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(endpoint.host(), endpoint.port()));
        } catch (IOException e) {
            throw new ReplicationException(
                    "Raft address " + endpoint.host() + ":" + endpoint.port() + " cannot be used: " + e.getMessage()
                            + ". Stop what uses it, or configure another one for this node.",
                    e);
        }
    }

    /** The most telling of the nested causes: our own word about a file, else the innermost one. */
    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof LogFormatException)) {
            root = root.getCause();
        }
        return root.getMessage() != null ? root.getMessage() : root.toString();
    }
}
