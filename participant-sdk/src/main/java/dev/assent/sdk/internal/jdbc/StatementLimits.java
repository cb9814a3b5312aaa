package dev.assent.sdk.internal.jdbc;

import dev.assent.sdk.spi.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands what is left of the transaction's time down to statements and lock waits: one that would end after the deadline
 * only holds locks for a transaction that is aborted by then. Some drivers keep the query timeout per connection, so it
 * is put back too. Guarded by the branch's lock.
 */
final class StatementLimits {
    private final Connection physical;
    private final Dialect dialect;
    private final long deadlineNanos;
    private final long lockTimeoutMillis;
    private long currentLockTimeoutMillis;
    private @Nullable Integer queryTimeoutSeconds;

    StatementLimits(Connection physical, Dialect dialect, long deadlineNanos) throws SQLException {
        this.physical = physical;
        this.dialect = dialect;
        this.deadlineNanos = deadlineNanos;
        this.lockTimeoutMillis = dialect.lockTimeoutMillis(physical);
        this.currentLockTimeoutMillis = lockTimeoutMillis;
    }

    /**
     * Before a statement is executed.
     *
     * @param wantedSeconds what the application set, 0 for none
     * @throws SQLTimeoutException if no time is left
     */
    void apply(Statement statement, int wantedSeconds) throws SQLException {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        if (leftMillis <= 0) {
            throw new SQLTimeoutException("the global transaction's time is over");
        }
        if (lockTimeoutMillis >= 0 && leftMillis < currentLockTimeoutMillis) {
            dialect.setLockTimeoutMillis(physical, leftMillis);
            currentLockTimeoutMillis = leftMillis;
        }
        int inForce = statement.getQueryTimeout();
        if (queryTimeoutSeconds == null) {
            queryTimeoutSeconds = inForce;
        }
        int leftSeconds = (int) Math.min(Integer.MAX_VALUE, (leftMillis + 999) / 1000);
        int asked = wantedSeconds != 0 ? wantedSeconds : queryTimeoutSeconds;
        int wanted = asked == 0 ? leftSeconds : Math.min(asked, leftSeconds);
        if (inForce != wanted) {
            statement.setQueryTimeout(wanted);
        }
    }

    void reset() throws SQLException {
        if (currentLockTimeoutMillis != lockTimeoutMillis) {
            dialect.setLockTimeoutMillis(physical, lockTimeoutMillis);
            currentLockTimeoutMillis = lockTimeoutMillis;
        }
        if (queryTimeoutSeconds != null) {
            try (Statement statement = physical.createStatement()) {
                if (statement.getQueryTimeout() != queryTimeoutSeconds) {
                    statement.setQueryTimeout(queryTimeoutSeconds);
                }
            }
        }
    }
}
