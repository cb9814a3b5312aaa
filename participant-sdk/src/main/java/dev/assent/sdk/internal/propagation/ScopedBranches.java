package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.ResourceName;
import dev.assent.sdk.internal.branch.BranchShell;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives the thread's transaction its connections. Safe for use by several threads. */
public final class ScopedBranches {
    private final Shells shells;

    /** The branches of this process, once the cluster is known. */
    @FunctionalInterface
    public interface Shells {
        /**
         * Waits for the cluster, if need be.
         *
         * @return empty if it is not known in time
         */
        Optional<BranchShell> await(Duration atMost) throws InterruptedException;
    }

    public ScopedBranches(Shells shells) {
        this.shells = shells;
    }

    /**
     * A handle of the branch of the thread's transaction.
     *
     * @return null outside any transaction
     * @throws SQLException that names the transaction, its state and why
     */
    public @Nullable Connection connection(ResourceName resource) throws SQLException {
        Optional<TransactionScope> current = TransactionScope.current();
        if (current.isEmpty()) {
            return null;
        }
        TransactionScope scope = current.get();
        return scope.connection(branches(scope), resource);
    }

    private BranchShell branches(TransactionScope scope) throws SQLException {
        try {
            return shells.await(scope.remaining())
                    .orElseThrow(() -> new SQLException(
                            "Transaction " + scope.xid() + " cannot work here: no coordinator was reached yet"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while waiting for the coordinator", e);
        }
    }
}
