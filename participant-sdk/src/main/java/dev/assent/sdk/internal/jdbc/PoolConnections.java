package dev.assent.sdk.internal.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How connections come from the application's pool and leave it. */
final class PoolConnections {
    private static final Logger LOG = LoggerFactory.getLogger(PoolConnections.class);

    private final DataSource pool;
    private final @Nullable HikariDataSource hikari;

    PoolConnections(DataSource pool) {
        this.pool = pool;
        this.hikari = hikari(pool);
    }

    private static @Nullable HikariDataSource hikari(DataSource pool) {
        try {
            if (pool instanceof HikariDataSource itself) {
                return itself;
            }
            return pool.isWrapperFor(HikariDataSource.class) ? pool.unwrap(HikariDataSource.class) : null;
        } catch (SQLException e) {
            LOG.debug("The data source does not say what it wraps: {}", e.getMessage());
            return null;
        }
    }

    Connection take() throws SQLException {
        return pool.getConnection();
    }

    /** Throws the connection away. What it holds unprepared is rolled back by the database. */
    void evict(Connection connection) {
        try {
            if (hikari != null) {
                hikari.evictConnection(connection);
            } else {
                connection.abort(Runnable::run);
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("A connection that is given up was broken: {}", e.getMessage());
        }
    }

    /**
     * Takes a prepared connection from the pool without a word to the database, which then keeps the branch in doubt. The
     * pool's own object is never closed: its close would roll back.
     */
    void forget(Connection connection) {
        if (hikari != null) {
            hikari.evictConnection(connection);
        }
    }
}
