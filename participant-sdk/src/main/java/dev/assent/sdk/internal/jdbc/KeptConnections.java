package dev.assent.sdk.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections taken from the application's data source and kept, for data sources whose set-up cannot be copied. Only one
 * that broke makes the SDK wait for that data source again.
 */
final class KeptConnections implements OwnConnections {
    private static final Logger LOG = LoggerFactory.getLogger(KeptConnections.class);
    private static final int VALIDATION_SECONDS = 2;

    private final DataSource pool;
    private final Semaphore permits = new Semaphore(SIZE);
    private final Deque<Kept> idle = new ArrayDeque<>();
    private boolean isClosed;

    /** A connection with what it looked like when it was taken. */
    private record Kept(Connection connection, boolean autoCommit, int isolation) {}

    KeptConnections(DataSource pool) {
        this.pool = pool;
    }

    @Override
    public <T> T with(Work<T> work) throws SQLException {
        permits.acquireUninterruptibly();
        try {
            Kept kept = take();
            boolean isSound = false;
            try {
                T result = work.on(kept.connection());
                isSound = true;
                return result;
            } finally {
                keep(kept, isSound);
            }
        } finally {
            permits.release();
        }
    }

    /** Takes all of them now, while the pool is still unused. */
    @Override
    public void open() throws SQLException {
        while (count() < SIZE) {
            Kept taken = fetch();
            keep(taken, true);
        }
    }

    private synchronized int count() {
        return idle.size();
    }

    private Kept take() throws SQLException {
        Kept kept = poll();
        if (kept != null && kept.connection().isValid(VALIDATION_SECONDS)) {
            return kept;
        }
        if (kept != null) {
            discard(kept);
        }
        return fetch();
    }

    private synchronized @Nullable Kept poll() throws SQLException {
        if (isClosed) {
            throw new SQLException("The resource is closed");
        }
        return idle.poll();
    }

    private Kept fetch() throws SQLException {
        Connection connection = pool.getConnection();
        Kept kept = new Kept(connection, connection.getAutoCommit(), connection.getTransactionIsolation());
        connection.setAutoCommit(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return kept;
    }

    private synchronized void keep(Kept kept, boolean isSound) throws SQLException {
        if (!isClosed && (isSound || kept.connection().isValid(VALIDATION_SECONDS))) {
            idle.add(kept);
        } else {
            discard(kept);
        }
    }

    private static void discard(Kept kept) {
        try (Connection connection = kept.connection()) {
            connection.setTransactionIsolation(kept.isolation());
            connection.setAutoCommit(kept.autoCommit());
        } catch (SQLException e) {
            LOG.debug("A connection that is given up was broken: {}", e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        idle.forEach(KeptConnections::discard);
        idle.clear();
    }
}
