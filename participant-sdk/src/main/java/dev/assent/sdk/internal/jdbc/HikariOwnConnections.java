package dev.assent.sdk.internal.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A small pool of the SDK, set up like the application's. */
final class HikariOwnConnections implements OwnConnections {
    private final HikariConfig config;
    private @Nullable HikariDataSource pool;
    private boolean isClosed;

    HikariOwnConnections(HikariDataSource users, String name) {
        config = new HikariConfig();
        users.copyStateTo(config);
        config.setPoolName("assent-" + name);
        config.setMaximumPoolSize(SIZE);
        config.setMinimumIdle(1);
        config.setAutoCommit(true);
        config.setReadOnly(false);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setRegisterMbeans(false);
        config.setAllowPoolSuspension(false);
        // A database that is away must show as a problem of the start, not as an exception of a pool nobody asked for.
        config.setInitializationFailTimeout(-1);
        // The user's metrics show the user's pool.
        config.setMetricsTrackerFactory(null);
        config.setMetricRegistry(null);
        config.setHealthCheckRegistry(null);
    }

    @Override
    public void open() throws SQLException {
        pool();
    }

    @Override
    public <T> T with(Work<T> work) throws SQLException {
        try (Connection own = pool().getConnection()) {
            return work.on(own);
        }
    }

    private synchronized HikariDataSource pool() throws SQLException {
        if (isClosed) {
            throw new SQLException("The resource is closed");
        }
        HikariDataSource opened = pool;
        if (opened == null) {
            opened = new HikariDataSource(config);
            pool = opened;
        }
        return opened;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (pool != null) {
            pool.close();
        }
    }
}
