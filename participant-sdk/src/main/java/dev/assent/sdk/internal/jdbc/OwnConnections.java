package dev.assent.sdk.internal.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Connections that belong to the SDK alone. The application's pool may be full of branches that wait for a lock of the
 * very branch that is to be finished, so finishing never waits for that pool. Thread-safe.
 */
interface OwnConnections extends AutoCloseable {
    /** How many there are at most: one for finishing, one for listing. */
    int SIZE = 2;

    /** Work on an own connection, which is in autocommit mode at READ COMMITTED. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection own) throws SQLException;
    }

    /** Takes them before the application does, where they have to come from its data source. */
    void open() throws SQLException;

    <T> T with(Work<T> work) throws SQLException;

    @Override
    void close();

    /** Own connections to the database of this pool; none is opened yet. */
    static OwnConnections beside(DataSource pool, String name) {
        try {
            if (pool instanceof HikariDataSource hikari) {
                return new HikariOwnConnections(hikari, name);
            }
            if (pool.isWrapperFor(HikariDataSource.class)) {
                return new HikariOwnConnections(pool.unwrap(HikariDataSource.class), name);
            }
        } catch (SQLException e) {
            // A data source that cannot say what it wraps is treated as wrapping nothing known.
            return new KeptConnections(pool);
        }
        return new KeptConnections(pool);
    }
}
