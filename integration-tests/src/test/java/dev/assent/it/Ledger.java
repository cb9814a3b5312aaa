package dev.assent.it;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * A database file with accounts and a table of entries: each transaction that commits in it leaves the entry that it
 * wrote.
 */
final class Ledger implements Books, AutoCloseable {
    /** Accounts are numbered from 0 to this, exclusively. */
    static final int ACCOUNTS = 16;

    /** What each account begins with. */
    static final long OPENING_CENTS = 10_000;

    /** H2 answers a text that it answered before from memory, and recovery does not always make it forget. */
    private static final String NOT_REMEMBERED = " WHERE RAND() >= 0";

    private final HikariDataSource pool;

    Ledger(Path directory, String name) {
        HikariConfig config = new HikariConfig();
        // Without it a kill loses commits that were forced; see docs/databases.md.
        config.setJdbcUrl("jdbc:h2:file:" + directory.toAbsolutePath().resolve(name) + ";REUSE_SPACE=FALSE");
        config.setUsername("sa");
        config.setPassword("");
        config.setPoolName(name);
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(5_000);
        pool = new HikariDataSource(config);
        run("CREATE TABLE IF NOT EXISTS entry (id VARCHAR(60) PRIMARY KEY)");
        run("CREATE TABLE IF NOT EXISTS account (number INT PRIMARY KEY, cents BIGINT)");
        run("INSERT INTO account SELECT x, " + OPENING_CENTS + " FROM SYSTEM_RANGE(0, " + (ACCOUNTS - 1)
                + ") WHERE NOT EXISTS (SELECT * FROM account)");
    }

    HikariDataSource pool() {
        return pool;
    }

    /** Writes an entry through a data source, which may be the enlisting one. */
    static void write(DataSource db, String id) throws SQLException {
        try (Connection connection = db.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO entry VALUES (?)")) {
            insert.setString(1, id);
            insert.executeUpdate();
        }
    }

    /** Writes an entry and changes an account, on one connection. */
    static void move(DataSource db, String id, int account, long cents) throws SQLException {
        try (Connection connection = db.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE account SET cents = cents + ? WHERE number = ?");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO entry VALUES (?)")) {
            update.setLong(1, cents);
            update.setInt(2, account);
            update.executeUpdate();
            insert.setString(1, id);
            insert.executeUpdate();
        }
    }

    /** Reads without writing. */
    static long read(DataSource db) throws SQLException {
        try (Connection connection = db.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT SUM(cents) FROM account" + NOT_REMEMBERED)) {
            found.next();
            return found.getLong(1);
        }
    }

    @Override
    public Set<String> entries() {
        return strings("SELECT id FROM entry" + NOT_REMEMBERED);
    }

    @Override
    public Set<String> inDoubt() {
        return strings("SELECT TRANSACTION_NAME FROM INFORMATION_SCHEMA.IN_DOUBT" + NOT_REMEMBERED);
    }

    @Override
    public Set<String> evidence() {
        return strings("SELECT xid FROM assent_branch" + NOT_REMEMBERED);
    }

    @Override
    public int connectionsInUse() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    /** What all accounts hold. */
    long cents() {
        try {
            return read(pool);
        } catch (SQLException e) {
            throw new IllegalStateException("the accounts cannot be read", e);
        }
    }

    private Set<String> strings(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            Set<String> strings = new TreeSet<>();
            while (found.next()) {
                strings.add(found.getString(1));
            }
            return strings;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void run(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public String toString() {
        return pool.getPoolName();
    }

    @Override
    public void close() {
        pool.close();
    }
}
