package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.Dialect;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A pool connection in which a branch has begun.
 *
 * @param name under which the database will list the branch when it is prepared
 */
record OpenedConnection(Connection physical, SessionSettings settings, StatementLimits limits, String name) {

    /** Begins the branch. On failure the caller still owns the connection. */
    static OpenedConnection begin(Connection physical, Dialect dialect, BranchRef branch, long deadlineNanos)
            throws SQLException {
        SessionSettings settings = new SessionSettings(physical);
        StatementLimits limits = new StatementLimits(physical, dialect, deadlineNanos);
        String name = dialect.begin(physical, branch);
        return new OpenedConnection(physical, settings, limits, name);
    }
}
