package dev.assent.sdk.internal.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.StartupProblem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An H2 file with a table of accounts, a pool on it and the resource under test. */
final class Bench implements AutoCloseable {
    static final ClusterId CLUSTER = new ClusterId("shop", "k3j9x0ab");
    static final ResourceName RESOURCE = new ResourceName("inventory-db");
    static final JdbcSettings SETTINGS = new JdbcSettings(false, true, Duration.ofMillis(300));

    final String url;
    final HikariDataSource pool;
    final JdbcResource resource;
    final List<String> doomed = new ArrayList<>();
    private final List<StartupProblem> problems;
    private long next;

    Bench(Path directory) {
        this(url(directory), 4);
    }

    Bench(String url, int poolSize) {
        this.url = url;
        HikariConfig config = config(url);
        config.setMaximumPoolSize(poolSize);
        pool = new HikariDataSource(config);
        resource = new JdbcResource(RESOURCE, pool, () -> CLUSTER, new H2Dialect(), SETTINGS);
        problems = resource.check();
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.toString());
        }
    }

    static String url(Path directory) {
        return "jdbc:h2:file:" + directory.resolve("accounts") + ";REUSE_SPACE=FALSE";
    }

    static HikariConfig config(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("sa");
        config.setPassword("secret");
        config.setConnectionTimeout(2_000);
        return config;
    }

    Bench withAccounts() throws SQLException {
        sql("CREATE TABLE account (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL)");
        sql("INSERT INTO account VALUES (1, 100), (2, 100)");
        return this;
    }

    static BranchRef ref(long number) {
        return new BranchRef(
                new Xid(CLUSTER, 0, 3, number), new BranchId(RESOURCE, new InstanceId("7c2p4m9q1z5t"), number));
    }

    JdbcBranch open() throws SQLException {
        return open(ref(next++), Duration.ofSeconds(30));
    }

    JdbcBranch open(BranchRef ref, Duration left) throws SQLException {
        return resource.open(ref.xid(), ref.branch(), System.nanoTime() + left.toNanos());
    }

    Connection handle(JdbcBranch branch) {
        return branch.handle(doomed::add);
    }

    /** A branch in which one account was set to an amount, the unit committed. */
    JdbcBranch working(int id, int amount) throws SQLException {
        JdbcBranch branch = open();
        try (Connection connection = handle(branch)) {
            set(connection, id, amount);
        }
        return branch;
    }

    /** The same, prepared. */
    JdbcBranch prepared(int id, int amount) throws SQLException {
        JdbcBranch branch = working(id, amount);
        branch.close("PREPARED");
        if (!resource.writeEvidence(branch)) {
            throw new IllegalStateException("nothing written");
        }
        resource.prepare(branch);
        return branch;
    }

    static void set(Connection connection, int id, int amount) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE account SET amount = " + amount + " WHERE id = " + id);
        }
    }

    static int amount(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT amount FROM account WHERE id = " + id)) {
            return result.next() ? result.getInt(1) : -1;
        }
    }

    /** As somebody outside any transaction sees it. */
    int amount(int id) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return amount(connection, id);
        }
    }

    int evidenceRows() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM assent_branch")) {
            result.next();
            return result.getInt(1);
        }
    }

    void sql(String text) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    int borrowed() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    @Override
    public void close() {
        resource.close();
        pool.close();
    }
}
