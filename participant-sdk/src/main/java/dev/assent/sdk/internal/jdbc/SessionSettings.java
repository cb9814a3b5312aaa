package dev.assent.sdk.internal.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What the pool had set on a connection, remembered when the application first changes it, and put back before the pool
 * gets the connection again. Guarded by the branch's lock.
 */
final class SessionSettings {
    private final Connection physical;
    private final boolean autoCommit;
    private final int isolation;
    private final @Nullable String schema;
    private final @Nullable String catalog;
    private @Nullable Integer networkTimeoutMillis;
    private @Nullable Integer holdability;

    SessionSettings(Connection physical) throws SQLException {
        this.physical = physical;
        this.autoCommit = physical.getAutoCommit();
        this.isolation = physical.getTransactionIsolation();
        this.schema = physical.getSchema();
        this.catalog = physical.getCatalog();
    }

    void beforeNetworkTimeout() throws SQLException {
        if (networkTimeoutMillis == null) {
            networkTimeoutMillis = physical.getNetworkTimeout();
        }
    }

    void beforeHoldability() throws SQLException {
        if (holdability == null) {
            holdability = physical.getHoldability();
        }
    }

    /** Where names of tables without a schema lead, also if SQL changed it: the evidence must get into the right table. */
    void resetNames() throws SQLException {
        if (schema != null && !schema.equals(physical.getSchema())) {
            physical.setSchema(schema);
        }
        if (catalog != null && !catalog.equals(physical.getCatalog())) {
            physical.setCatalog(catalog);
        }
    }

    /** To be called after the local transaction has ended: changing the isolation may commit. */
    void resetAll() throws SQLException {
        resetNames();
        if (physical.getTransactionIsolation() != isolation) {
            physical.setTransactionIsolation(isolation);
        }
        if (physical.getAutoCommit() != autoCommit) {
            physical.setAutoCommit(autoCommit);
        }
        if (holdability != null) {
            physical.setHoldability(holdability);
        }
        if (networkTimeoutMillis != null) {
            physical.setNetworkTimeout(Runnable::run, networkTimeoutMillis);
        }
    }
}
