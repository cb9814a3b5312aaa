package dev.assent.sdk.internal.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * A savepoint of the application, tied to its unit of work: behind the unit's end it would undo other units.
 *
 * @param mark its place among the marks of the branch
 */
record HandleSavepoint(long unit, long mark, Savepoint physical) implements Savepoint {
    @Override
    public int getSavepointId() throws SQLException {
        return physical.getSavepointId();
    }

    @Override
    public String getSavepointName() throws SQLException {
        return physical.getSavepointName();
    }
}
