package dev.assent.coordinator;

import dev.assent.cli.Problem;
import dev.assent.coordinator.admin.AdminApi;
import dev.assent.coordinator.admin.BirthCheck;
import dev.assent.coordinator.admin.ClusterRefusedException;
import dev.assent.coordinator.admin.NodeCounts;
import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.coordinator.api.CoordinatorApi;
import dev.assent.coordinator.api.PendingCalls;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.observe.Counters;
import dev.assent.coordinator.observe.ShardObserver;
import dev.assent.coordinator.replication.NodeIdentity;
import dev.assent.coordinator.replication.NodeMembership;
import dev.assent.coordinator.replication.NodeStorage;
import dev.assent.coordinator.replication.ReplicationException;
import dev.assent.coordinator.session.BirthGate;
import dev.assent.protocol.coordinator.NodeId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coordinator node. Started with an empty data directory it answers admin and health calls only, and is not healthy,
 * until its cluster is born; then, and at every later start, it takes part. It serves until it is closed, or until a log
 * fails or an invariant breaks: then it stops serving rather than guess, and says so to its hooks.
 *
 * <p>Thread-safe; start it once.
 */
public final class CoordinatorNode implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CoordinatorNode.class);
    private static final int MAX_PENDING_CALLS = 100_000;
    private static final long MAX_PENDING_BYTES = 128L << 20;
    private static final long CALL_PATIENCE_MILLIS = 1_000;

    private final NodeConfig config;
    private final NodeHooks givenHooks;
    private final Counters counters = new Counters();
    private final PendingCalls pending = new PendingCalls(MAX_PENDING_CALLS, MAX_PENDING_BYTES);
    private final CoordinatorApi api = new CoordinatorApi(pending);
    private final BirthGate streams = new BirthGate();
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private volatile @Nullable NodeStorage storage;
    private volatile @Nullable ClientServer server;
    private volatile @Nullable BornNode born;
    private volatile @Nullable NodeHooks hooks;

    /** A node that does not run yet. */
    public CoordinatorNode(NodeConfig config, NodeHooks hooks) {
        this.config = config;
        this.givenHooks = hooks;
    }

    /**
     * Starts the node; returns when it answers calls, which does not mean that a leader is there.
     *
     * @throws NodeStartException if it cannot start; nothing of it runs then
     */
    public void start() throws NodeStartException {
        hooks = new NodeHooks(
                StartChecks.faults(config, givenHooks.faults()),
                ShardObserver.both(counters, givenHooks.observer()),
                givenHooks.onFatal());
        StartChecks.portsAreFree(config);
        boolean isStarted = false;
        try {
            open();
            isStarted = true;
        } catch (ReplicationException | ClusterRefusedException | IOException e) {
            throw new NodeStartException(problemOf(e), e);
        } finally {
            if (!isStarted) {
                kill();
            }
        }
    }

    private void open() throws NodeStartException, ReplicationException, ClusterRefusedException, IOException {
        NodeStorage opened = NodeStorage.open(config.node().dataDirectory());
        storage = opened;
        Optional<NodeIdentity> identity = opened.identity();
        if (identity.isPresent()) {
            StartChecks.isNotRemoved(opened, config);
            StartChecks.fits(identity.get(), config);
        } else {
            BirthCheck.check(config);
        }
        InetSocketAddress address =
                new InetSocketAddress(config.node().listenHost(), config.node().clientPort());
        ClientServer listening = new ClientServer(
                address,
                List.of(api, streams, new AdminApi(config, new ControlledNode(config, opened, new Insides()))));
        server = listening;
        listening.start();
        if (identity.isPresent()) {
            serve(opened);
        } else {
            LOGGER.info(
                    "Node {} waits on port {} for its cluster to be born",
                    config.node().id(),
                    listening.port());
        }
    }

    private void serve(NodeStorage opened) throws ReplicationException {
        NodeHooks present = hooks;
        ClientServer listening = server;
        if (present == null || listening == null) {
            throw new IllegalStateException("the node has not been started");
        }
        BornNode started = BornNode.start(config, opened, present, pending, this::fatal);
        born = started;
        api.open(started.shards());
        streams.open(started.sessions());
        listening.setHealthy(true);
        if (isStopping.get()) {
            // Closed while it was being born: whoever closed it may have seen nothing to stop.
            started.kill();
            return;
        }
        LOGGER.info("Node {} serves on port {}", config.node().id(), listening.port());
    }

    /** The port that applications, participants and commands use. */
    public int clientPort() {
        ClientServer present = server;
        return present == null ? config.node().clientPort() : present.port();
    }

    /** Which node this is. */
    public NodeId id() {
        return config.node().id();
    }

    /** Every shard as this node sees it; empty before the birth. For people: nothing may be decided by it. */
    public List<ShardStatus> status() {
        BornNode present = born;
        return present == null ? List.of() : present.statuses();
    }

    /** What its shards have done since it started. */
    public Counters counters() {
        return counters;
    }

    /** Stops in order: takes no new calls, hands leaderships over, tells whoever waits to ask another node. */
    @Override
    public void close() {
        if (!isStopping.compareAndSet(false, true)) {
            return;
        }
        ClientServer listening = server;
        if (listening != null) {
            listening.stopAccepting();
        }
        BornNode present = born;
        if (present != null) {
            present.close();
        }
        pending.close();
        if (listening != null) {
            listening.close(CALL_PATIENCE_MILLIS);
        }
        unlock();
        LOGGER.info("Node {} stopped", config.node().id());
    }

    /**
     * Stops as the death of its process would, as far as one JVM allows: nothing is handed over, nobody is told. Its
     * directory can be opened again afterwards.
     */
    public void kill() {
        if (!isStopping.compareAndSet(false, true)) {
            return;
        }
        ClientServer listening = server;
        if (listening != null) {
            listening.kill();
        }
        BornNode present = born;
        if (present != null) {
            present.kill();
        }
        unlock();
    }

    private void unlock() {
        NodeStorage opened = storage;
        if (opened != null) {
            try {
                opened.close();
            } catch (ReplicationException e) {
                LOGGER.warn("Node {}: {}", config.node().id(), e.getMessage());
            }
        }
    }

    /** Called by a shard's thread, which the stopping waits for. */
    private void fatal(String cause) {
        ClientServer listening = server;
        if (listening != null) {
            listening.setHealthy(false);
        }
        if (isStopping.get() || !hasFailed.compareAndSet(false, true)) {
            return;
        }
        LOGGER.error("Node {} stops serving: {}", config.node().id(), cause);
        Thread stopper = new Thread(
                () -> {
                    kill();
                    givenHooks.onFatal().accept(cause);
                },
                "assent-fatal-" + config.node().id());
        stopper.start();
    }

    private Problem problemOf(Exception failure) {
        if (failure instanceof ClusterRefusedException refused) {
            return refused.problem();
        }
        return new Problem(
                "Node '" + config.node().id() + "' cannot start: " + failure.getMessage(),
                "",
                "Mend what the message names; the data directory is "
                        + config.node().dataDirectory() + " (node.data-directory).");
    }

    /** Whether the cluster goes on without this node: it has stopped for good, and its directory is of no use. */
    public boolean wasRemoved() {
        NodeStorage opened = storage;
        return opened != null && opened.isRemoved();
    }

    private NodeCounts counts() {
        Counters.Counts counts = counters.counts();
        BornNode present = born;
        return new NodeCounts(
                counts.packs(),
                counts.forcedRecords() + counts.lazyRecords(),
                present == null ? 0 : present.forcedWrites());
    }

    /** What the node's admin calls need of it. */
    private final class Insides implements ControlledNode.Insides {
        @Override
        public void serve(NodeStorage opened) throws ReplicationException {
            CoordinatorNode.this.serve(opened);
        }

        @Override
        public Optional<NodeMembership> membership() {
            BornNode present = born;
            return present == null ? Optional.empty() : Optional.of(present.membership());
        }

        @Override
        public List<ShardStatus> shards() {
            return status();
        }

        @Override
        public NodeCounts counts() {
            return CoordinatorNode.this.counts();
        }
    }
}
