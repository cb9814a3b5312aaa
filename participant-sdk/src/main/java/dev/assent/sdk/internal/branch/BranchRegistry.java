package dev.assent.sdk.internal.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The branches of this process: at most one that takes work for each transaction and resource, so that a service that is
 * called twice sees its own earlier writes, and every one that has not ended by its id. Safe for use by several threads.
 */
final class BranchRegistry {
    private record Place(Xid xid, ResourceName resource) {}

    private final Map<Place, CompletableFuture<LocalBranch>> working = new ConcurrentHashMap<>();
    private final Map<BranchId, LocalBranch> byId = new ConcurrentHashMap<>();

    /** Opens a branch; asked by the one caller that came first. */
    @FunctionalInterface
    interface Opening {
        LocalBranch open() throws SQLException;
    }

    /** The branch that takes work there, opened by this caller, or by another one for whom it waits. */
    LocalBranch branchAt(Xid xid, ResourceName resource, Duration atMost, Opening opening) throws SQLException {
        Place place = new Place(xid, resource);
        CompletableFuture<LocalBranch> mine = new CompletableFuture<>();
        CompletableFuture<LocalBranch> there = working.putIfAbsent(place, mine);
        if (there != null) {
            return await(there, place, atMost);
        }
        try {
            LocalBranch branch = opening.open();
            mine.complete(branch);
            if (branch.closed().isPresent()) {
                // It was closed before it stood here, so that retire() could not find it.
                working.remove(place, mine);
            }
            return branch;
        } catch (SQLException | RuntimeException | Error e) {
            working.remove(place, mine);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    /** Makes a branch known by its id, before the core hears of it. */
    void add(LocalBranch branch) {
        byId.put(branch.id(), branch);
    }

    @Nullable
    LocalBranch find(BranchId id) {
        return byId.get(id);
    }

    /** It takes no more work: the next use of its resource opens another one. */
    void retire(LocalBranch branch) {
        working.computeIfPresent(
                new Place(branch.ref().xid(), branch.id().resource()),
                (place, future) -> future.isDone() && !future.isCompletedExceptionally() && future.join() == branch
                        ? null
                        : future);
    }

    /** It has ended. */
    void remove(BranchId id) {
        LocalBranch branch = byId.remove(id);
        if (branch != null) {
            retire(branch);
            branch.ended();
        }
    }

    int size() {
        return byId.size();
    }

    private static LocalBranch await(CompletableFuture<LocalBranch> there, Place place, Duration atMost)
            throws SQLException {
        try {
            return there.get(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // The other caller has the original; each of the two needs a trace of its own.
            throw new SQLException("No branch of " + place.xid + " at " + place.resource, e.getCause());
        } catch (TimeoutException e) {
            throw new SQLException(
                    "Another call of " + place.xid + " is still waiting for a connection of " + place.resource, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while waiting for a connection of " + place.resource, e);
        }
    }
}
