package dev.assent.sdk;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.sdk.internal.branch.BranchShell;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.initiator.InitiatorShell;
import dev.assent.sdk.internal.session.SessionListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the cluster and tells the two shells, which exist from the moment that the cluster is known: whose numbers and whose
 * prepared branches they work with depends on it. Told on one thread; asked by any.
 */
final class Cluster implements SessionListener {
    private static final Logger log = LoggerFactory.getLogger(Cluster.class);

    private final Function<ClusterId, Shells> making;
    private final FaultSeam faults;
    private final CompletableFuture<Shells> shells = new CompletableFuture<>();
    private final Map<Integer, Long> leaders = new HashMap<>();
    private volatile String refusal = "";
    private volatile boolean isClosed;

    /**
     * What works with the cluster.
     *
     * @param branches empty for a pure initiator
     */
    record Shells(InitiatorShell initiator, Optional<BranchShell> branches) {
        void start() {
            initiator.start();
            branches.ifPresent(BranchShell::start);
        }
    }

    /**
     * @param making makes the shells, at once
     */
    Cluster(Function<ClusterId, Shells> making, FaultSeam faults) {
        this.making = making;
        this.faults = faults;
    }

    /** The shells, once the cluster is known. Whoever completes or cancels it does so for himself alone. */
    CompletableFuture<Shells> made() {
        return shells.copy();
    }

    /** The shells; empty if the cluster is not known in time. */
    Optional<Shells> await(Duration atMost) throws InterruptedException {
        try {
            return Optional.of(shells.get(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the SDK could not set itself up", e.getCause());
        }
    }

    /** The shells, if they exist. */
    Optional<Shells> known() {
        return shells.isDone() && !shells.isCompletedExceptionally() ? Optional.of(shells.join()) : Optional.empty();
    }

    /** Why a node refuses this process, for people; empty if none does. */
    String refusal() {
        return refusal;
    }

    /** From now on nothing that arrives has an effect: what would carry it out is gone. */
    void close() {
        isClosed = true;
    }

    private Optional<Shells> listening() {
        return isClosed ? Optional.empty() : known();
    }

    @Override
    public void clusterKnown(ClusterId cluster, int shardCount) {
        if (isClosed) {
            return;
        }
        log.info("Connected to cluster {} with {} shard(s)", cluster, shardCount);
        try {
            Shells made = making.apply(cluster);
            made.start();
            shells.complete(made);
        } catch (RuntimeException e) {
            shells.completeExceptionally(e);
            log.error("The SDK could not set itself up for cluster {}", cluster, e);
        }
    }

    @Override
    public void leaderReady(int shard, long term) {
        Long before = leaders.put(shard, term);
        if (before != null) {
            faults.at(FaultPoint.SESSION_LOST);
        }
        listening().ifPresent(made -> {
            made.initiator().leaderReady(shard, term);
            made.branches().ifPresent(branches -> branches.leaderReady(shard, term));
        });
    }

    @Override
    public void told(int shard, Command command) {
        listening().ifPresent(made -> {
            if (command instanceof Command.Lease lease) {
                made.initiator().leased(shard, lease);
            } else {
                made.branches().ifPresent(branches -> branches.told(command));
            }
        });
    }

    @Override
    public void answered(long number, Answer answer) {
        listening().ifPresent(made -> made.initiator().answered(number, answer));
    }

    @Override
    public void refusedForGood(String reason, String detail) {
        refusal = reason + ": " + detail;
        log.error("A coordinator refuses this process: {}: {}", reason, detail);
    }
}
