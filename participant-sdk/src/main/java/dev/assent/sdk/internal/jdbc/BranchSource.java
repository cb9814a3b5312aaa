package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.ResourceName;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Knows which branch, if any, the calling thread works in. */
@FunctionalInterface
public interface BranchSource {
    /**
     * A handle on the current transaction's branch of this resource, which is opened and enlisted if it is new.
     *
     * @return null outside a global transaction
     * @throws SQLException if the transaction takes no more work, or no connection is to be had
     */
    @Nullable
    Connection connectionForCurrentTransaction(ResourceName resource) throws SQLException;
}
