package dev.assent.benchmarks.client;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchSettings;
import dev.assent.protocol.initiator.InitiatorCore;
import dev.assent.protocol.initiator.InitiatorSettings;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import dev.assent.sdk.TransactionOptions;
import dev.assent.sdk.internal.branch.BranchShell;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.initiator.BegunXid;
import dev.assent.sdk.internal.initiator.InitiatorShell;
import dev.assent.sdk.internal.propagation.TransactionScope;
import dev.assent.sdk.internal.session.SessionIdentity;
import dev.assent.sdk.internal.session.SessionListener;
import dev.assent.sdk.internal.session.SessionSettings;
import dev.assent.sdk.internal.session.Sessions;
import dev.assent.sdk.internal.shell.CoordinatorLink;
import dev.assent.sdk.internal.shell.Core;
import dev.assent.sdk.internal.shell.CoreDriver.Clocks;
import dev.assent.sdk.internal.shell.MonotonicClock;
import dev.assent.sdk.internal.shell.SerialSteps;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Transactions whose end is told, over the SDK's engine without the doors in front of it: the same shells, cores, workers
 * and streams. Thread-safe.
 */
final class EventDrivenDoor implements AutoCloseable, SessionListener, CoordinatorLink {
    private static final int WORKERS = 32;
    private static final Duration BEGIN_PATIENCE = Duration.ofSeconds(30);

    private final TransactionOptions options;
    private final List<ResourceName> resources;
    private final InstanceId instance =
            new InstanceId(UUID.randomUUID().toString().replace("-", "").substring(0, InstanceId.LENGTH));
    private final MonotonicClock clock = new MonotonicClock();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "assent-bench-timer");
        thread.setDaemon(true);
        return thread;
    });
    private final SerialSteps workers = new SerialSteps("assent-bench", WORKERS);
    private final CompletableFuture<Shells> shells = new CompletableFuture<>();
    // Null only until they are opened; what a core says so early is lost and repeated.
    private volatile @Nullable Sessions sessions;

    private record Shells(InitiatorShell initiator, BranchShell branches) {}

    /** Returns when the cluster is known. */
    EventDrivenDoor(String coordinators, TransactionOptions options, List<String> resources) {
        this.options = options;
        this.resources = resources.stream().map(ResourceName::new).toList();
        SessionIdentity identity =
                new SessionIdentity(instance, "", this.resources, Optional.empty(), "assent-java bench");
        this.sessions =
                Sessions.open(Arrays.asList(coordinators.split(",", -1)), identity, SessionSettings.DEFAULTS, this);
        shells.orTimeout(BEGIN_PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Begins, enlists every resource and commits; completed when that is answered, exceptionally if it aborted. */
    CompletableFuture<Xid> transact() {
        Shells engine = shells.join();
        return engine.initiator()
                .begin(options.timeout(), BEGIN_PATIENCE)
                .thenCompose(begun -> begun.map(xid -> work(engine, xid))
                        .orElseGet(() ->
                                CompletableFuture.failedFuture(new IllegalStateException("nothing could be begun"))));
    }

    private CompletableFuture<Xid> work(Shells engine, BegunXid begun) {
        TransactionScope scope = new TransactionScope(new TransactionScope.Identity(begun::fix, ""), options.timeout());
        try {
            for (ResourceName resource : resources) {
                scope.connection(engine.branches(), resource).close();
            }
        } catch (SQLException e) {
            return CompletableFuture.failedFuture(e);
        }
        return scope.close("its end was asked for").thenCompose(obstacle -> commit(engine, scope, obstacle));
    }

    private CompletableFuture<Xid> commit(Shells engine, TransactionScope scope, Optional<String> obstacle) {
        scope.leave(obstacle);
        if (obstacle.isPresent()) {
            return CompletableFuture.failedFuture(new IllegalStateException(obstacle.get()));
        }
        AnswerMode mode = options.answerWhen() == TransactionOptions.AnswerWhen.DECIDED
                ? AnswerMode.AFTER_DECISION
                : AnswerMode.AFTER_APPLY;
        return engine.initiator().commit(scope.xid(), mode, scope.sums()).thenCompose(answer -> told(scope, answer));
    }

    private static CompletableFuture<Xid> told(TransactionScope scope, Answer answer) {
        return answer instanceof Answer.Committed
                ? CompletableFuture.completedFuture(scope.xid())
                : CompletableFuture.failedFuture(new IllegalStateException(
                        scope.xid() + ": " + answer.toString().toLowerCase(Locale.ROOT)));
    }

    // ---- the cluster ----

    @Override
    public void clusterKnown(ClusterId cluster, int shards) {
        Clocks clocks = new Clocks(clock, timer);
        InitiatorCore initiator = new InitiatorCore(cluster, instance, InitiatorSettings.DEFAULTS);
        BranchSettings settings = BranchSettings.DEFAULTS;
        BranchCore branches = new BranchCore(instance, resources, settings, clock.nowNanos());
        BranchShell.Setting setting = new BranchShell.Setting(
                instance,
                resources.stream()
                        .map(name -> new EmptyResource().branches(name))
                        .toList(),
                Duration.ofNanos(settings.prepareTimeoutNanos()),
                this,
                workers,
                FaultSeam.NONE);
        Shells made = new Shells(
                new InitiatorShell(Core.of(initiator::on, initiator::nextDeadlineNanos), this, FaultSeam.NONE, clocks),
                new BranchShell(setting, Core.of(branches::on, branches::nextDeadlineNanos), clocks));
        made.initiator().start();
        made.branches().start();
        shells.complete(made);
    }

    @Override
    public void leaderReady(int shard, long term) {
        Shells engine = shells.join();
        engine.initiator().leaderReady(shard, term);
        engine.branches().leaderReady(shard, term);
    }

    @Override
    public void told(int shard, Command command) {
        Shells engine = shells.join();
        if (command instanceof Command.Lease lease) {
            engine.initiator().leased(shard, lease);
        } else {
            engine.branches().told(command);
        }
    }

    @Override
    public void answered(long number, Answer answer) {
        shells.join().initiator().answered(number, answer);
    }

    @Override
    public void refusedForGood(String reason, String detail) {
        shells.completeExceptionally(new IllegalStateException(reason + ": " + detail));
    }

    @Override
    public void tell(int shard, Notice notice) {
        Sessions open = sessions;
        if (open != null) {
            open.tell(shard, notice);
        }
    }

    @Override
    public void ask(int shard, long number, Request request) {
        Sessions open = sessions;
        if (open != null) {
            open.ask(shard, number, request);
        }
    }

    @Override
    public void close() {
        Sessions open = sessions;
        if (open != null) {
            open.close();
        }
        timer.shutdownNow();
        workers.close();
    }
}
