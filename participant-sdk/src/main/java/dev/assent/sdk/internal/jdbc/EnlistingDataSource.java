package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.ResourceName;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The pool as the application sees it: inside a global transaction its connections are branches, outside it they are the
 * pool's own objects, not wrapped. Thread-safe.
 */
public final class EnlistingDataSource implements DataSource {
    private final ResourceName resource;
    private final DataSource pool;
    private final BranchSource branches;

    public EnlistingDataSource(ResourceName resource, DataSource pool, BranchSource branches) {
        this.resource = resource;
        this.pool = pool;
        this.branches = branches;
    }

    /** The resource that this data source gives connections to. */
    public ResourceName resource() {
        return resource;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection branch = branches.connectionForCurrentTransaction(resource);
        return branch != null ? branch : pool.getConnection();
    }

    /**
     * Outside a global transaction what the pool does. Inside one refused: a branch is finished by whoever recovers it,
     * with the rights of the data source and not of one call.
     */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        Connection branch = branches.connectionForCurrentTransaction(resource);
        if (branch == null) {
            return pool.getConnection(user, password);
        }
        branch.close();
        throw new SQLException("Resource '" + resource + "' gives no connection for a single user inside a global"
                + " transaction; give the user to the data source instead");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : type.isInstance(pool) ? type.cast(pool) : pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(pool) || pool.isWrapperFor(type);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws java.sql.SQLFeatureNotSupportedException {
        return pool.getParentLogger();
    }
}
