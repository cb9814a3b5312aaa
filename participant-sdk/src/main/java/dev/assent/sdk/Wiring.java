package dev.assent.sdk;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchSettings;
import dev.assent.protocol.initiator.InitiatorCore;
import dev.assent.protocol.initiator.InitiatorSettings;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import dev.assent.sdk.internal.branch.BranchShell;
import dev.assent.sdk.internal.initiator.InitiatorShell;
import dev.assent.sdk.internal.propagation.PropagatingClientInterceptor;
import dev.assent.sdk.internal.propagation.PropagatingServerInterceptor;
import dev.assent.sdk.internal.propagation.ScopedBranches;
import dev.assent.sdk.internal.session.SessionIdentity;
import dev.assent.sdk.internal.shell.Callbacks;
import dev.assent.sdk.internal.shell.CoordinatorLink;
import dev.assent.sdk.internal.shell.Core;
import dev.assent.sdk.internal.shell.CoreDriver.Clocks;
import dev.assent.sdk.internal.shell.MonotonicClock;
import dev.assent.sdk.internal.shell.SerialSteps;
import io.grpc.ClientInterceptor;
import io.grpc.ServerInterceptor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts of an {@link Assent} together and takes them apart; no logic of the protocols. */
final class Wiring {
    private static final Logger log = LoggerFactory.getLogger(Wiring.class);
    private static final int WORKERS = 32;
    private static final long LOOK_AGAIN_NANOS = 20_000_000;
    private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final AssentBuilder.Setup setup;
    private final InstanceId instance;
    private final MonotonicClock clock = new MonotonicClock();
    private final ScheduledThreadPoolExecutor timer;
    private final SerialSteps workers;
    private final Callbacks callbacks;
    private final Cluster cluster;
    private final Databases databases;
    private final PropagatingClientInterceptor client = new PropagatingClientInterceptor();
    private final PropagatingServerInterceptor server;
    private final AtomicBoolean closed = new AtomicBoolean();
    // Null only until it is opened; what a core says so early is lost and repeated.
    private volatile Connector.@Nullable Connection connection;

    private Wiring(AssentBuilder.Setup setup, InstanceId instance, Databases databases) {
        this.setup = setup;
        this.instance = instance;
        this.databases = databases;
        this.timer = timer(setup.service());
        this.workers = new SerialSteps("assent-" + setup.service(), WORKERS);
        this.callbacks = new Callbacks("assent-" + setup.service(), setup.callbacks());
        this.server = new PropagatingServerInterceptor(workers::now);
        this.cluster = new Cluster(this::shells, setup.faults());
    }

    /** Checks what only the parts can check, connects, and begins to recover. */
    static Wiring start(AssentBuilder.Setup setup, Connector connector, List<String> problems) {
        InstanceId instance = new InstanceId(random(InstanceId.LENGTH));
        Databases databases = Databases.open(setup, problems);
        SessionIdentity identity = identity(setup, instance, databases, problems);
        if (!problems.isEmpty() || identity == null) {
            databases.close();
            throw new ConfigurationException(setup.service(), problems);
        }
        Wiring wiring = new Wiring(setup, instance, databases);
        try {
            wiring.connection = connector.open(setup.coordinators(), identity, wiring.cluster);
        } catch (IllegalArgumentException e) {
            wiring.close();
            throw new ConfigurationException(setup.service(), List.of(e.getMessage() + "."));
        }
        return wiring;
    }

    private static @Nullable SessionIdentity identity(
            AssentBuilder.Setup setup, InstanceId instance, Databases databases, List<String> problems) {
        try {
            return new SessionIdentity(
                    instance,
                    setup.instanceName(),
                    databases.names(),
                    Optional.empty(),
                    "assent-java " + setup.service());
        } catch (IllegalArgumentException e) {
            problems.add("Instance " + e.getMessage() + ".");
            return null;
        }
    }

    private Cluster.Shells shells(ClusterId known) {
        Clocks clocks = new Clocks(clock, timer);
        InitiatorCore initiator = new InitiatorCore(known, instance, InitiatorSettings.DEFAULTS);
        InitiatorShell initiatorShell = new InitiatorShell(
                Core.of(initiator::on, initiator::nextDeadlineNanos), new Link(), setup.faults(), clocks);
        return new Cluster.Shells(initiatorShell, branches(known, clocks));
    }

    private Optional<BranchShell> branches(ClusterId known, Clocks clocks) {
        if (databases.names().isEmpty()) {
            return Optional.empty();
        }
        BranchSettings settings = BranchSettings.DEFAULTS;
        BranchCore core = new BranchCore(instance, databases.names(), settings, clock.nowNanos());
        BranchShell.Setting setting = new BranchShell.Setting(
                instance,
                databases.of(known),
                Duration.ofNanos(settings.prepareTimeoutNanos()),
                new Link(),
                workers,
                callbacks,
                setup.faults());
        return Optional.of(new BranchShell(setting, Core.of(core::on, core::nextDeadlineNanos), clocks));
    }

    Transactions transactions() {
        Endings endings = new Endings(new Initiators(), setup.patience().outcome(), setup.faults(), callbacks);
        return new Transactions(new Initiators(), setup.patience(), setup.faults(), endings);
    }

    DataSource dataSource(String resource) {
        return databases.dataSource(
                resource, new ScopedBranches(atMost -> cluster.await(atMost).flatMap(Cluster.Shells::branches)));
    }

    ClientInterceptor clientInterceptor() {
        return client;
    }

    ServerInterceptor serverInterceptor() {
        return server;
    }

    /** Branches of this process that have not ended. */
    int branchesOpenCount() {
        return cluster.known()
                .flatMap(Cluster.Shells::branches)
                .map(BranchShell::openCount)
                .orElse(0);
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        awaitBranchesInDoubt();
        Connector.Connection open = connection;
        if (open != null) {
            // Says goodbye, and thereby lets the coordinator abort at once what this process holds unprepared.
            open.close();
        }
        cluster.close();
        timer.shutdownNow();
        workers.close(setup.closePatience().toMillis());
        callbacks.close(setup.closePatience());
        databases.close();
    }

    private void awaitBranchesInDoubt() {
        Optional<BranchShell> branches = cluster.known().flatMap(Cluster.Shells::branches);
        if (branches.isEmpty()) {
            return;
        }
        long end = clock.nowNanos() + setup.closePatience().toNanos();
        while (!branches.get().inDoubt().isEmpty() && clock.nowNanos() < end) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
        }
        if (!branches.get().inDoubt().isEmpty()) {
            log.warn(
                    "Closed with branches in doubt, which stay prepared: {}",
                    branches.get().inDoubt());
        }
    }

    private final class Link implements CoordinatorLink {
        @Override
        public void tell(int shard, Notice notice) {
            Connector.Connection open = connection;
            if (open != null) {
                open.tell(shard, notice);
            }
        }

        @Override
        public void ask(int shard, long number, Request request) {
            Connector.Connection open = connection;
            if (open != null) {
                open.ask(shard, number, request);
            }
        }
    }

    private final class Initiators implements Endings.Shells {
        @Override
        public CompletableFuture<InitiatorShell> made() {
            return cluster.made().thenApply(Cluster.Shells::initiator);
        }

        @Override
        public Optional<InitiatorShell> known() {
            return cluster.known().map(Cluster.Shells::initiator);
        }

        @Override
        public String whyUnreachable() {
            Connector.Connection open = connection;
            String status = open == null ? "not connected" : open.status().toString();
            return cluster.refusal().isEmpty() ? status : status + "; " + cluster.refusal();
        }
    }

    private static ScheduledThreadPoolExecutor timer(String service) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "assent-" + service + "-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static String random(int length) {
        SecureRandom random = new SecureRandom();
        StringBuilder token = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            token.append(TOKEN.charAt(random.nextInt(TOKEN.length())));
        }
        return token.toString();
    }
}
