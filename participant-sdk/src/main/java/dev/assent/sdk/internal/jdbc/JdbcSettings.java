package dev.assent.sdk.internal.jdbc;

import java.time.Duration;

/**
 * How a JDBC resource behaves.
 *
 * @param development whether databases that lose everything with the process are allowed
 * @param createTables whether missing tables of Assent are created at start
 * @param rollBackWait how long rolling back waits for a cancelled statement before it gives the connection up; default
 *     5 s. Too short throws away connections that would have been fine, too long keeps a worker waiting
 */
public record JdbcSettings(boolean development, boolean createTables, Duration rollBackWait) {
    /** For production. */
    public static final JdbcSettings PRODUCTION = new JdbcSettings(false, true, Duration.ofSeconds(5));

    public JdbcSettings {
        if (rollBackWait.isNegative()) {
            throw new IllegalArgumentException("the wait for a cancelled statement is negative: " + rollBackWait);
        }
    }

    /** The same, with or without what production refuses. */
    public JdbcSettings withDevelopment(boolean allowed) {
        return new JdbcSettings(allowed, createTables, rollBackWait);
    }
}
