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

/** A database file with a table of entries: each transaction that commits in it leaves the entry that it wrote. */
final class Ledger implements AutoCloseable {
    private final HikariDataSource pool;

    Ledger(Path directory, String name) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:h2:file:" + directory.toAbsolutePath().resolve(name));
        config.setUsername("sa");
        config.setPassword("");
        config.setPoolName(name);
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(5_000);
        pool = new HikariDataSource(config);
        run("CREATE TABLE IF NOT EXISTS entry (id VARCHAR(60) PRIMARY KEY)");
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

    /** What is committed in it. */
    Set<String> entries() {
        return strings("SELECT id FROM entry");
    }

    /** Branches that are prepared in it. */
    Set<String> inDoubt() {
        return strings("SELECT TRANSACTION_NAME FROM INFORMATION_SCHEMA.IN_DOUBT");
    }

    /** Rows of evidence that are left. */
    Set<String> evidence() {
        return strings("SELECT xid FROM assent_branch");
    }

    /** Connections that the application holds. */
    int connectionsInUse() {
        return pool.getHikariPoolMXBean().getActiveConnections();
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
    public void close() {
        pool.close();
    }
}
