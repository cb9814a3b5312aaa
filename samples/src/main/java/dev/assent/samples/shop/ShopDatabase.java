package dev.assent.samples.shop;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The services' databases: H2 files behind a HikariCP pool, and their tables with what a new shop begins with. */
public final class ShopDatabase {
    /** Customers are numbered from 0 to this, exclusively. */
    public static final int CUSTOMERS = 50;

    /** Items are numbered from 0 to this, exclusively. */
    public static final int ITEMS = 20;

    /** What each account begins with, in cents. */
    public static final long OPENING_CENTS = 100_000;

    /** What each shelf begins with. */
    public static final int OPENING_STOCK = 100;

    private ShopDatabase() {}

    /** The pool over the database of one service. */
    public static HikariDataSource open(Path directory, String name) {
        HikariConfig config = new HikariConfig();
        // Without it a crash loses commits that were forced; see docs/databases.md.
        config.setJdbcUrl("jdbc:h2:file:" + directory.toAbsolutePath().resolve(name) + ";REUSE_SPACE=FALSE");
        config.setUsername("sa");
        config.setPassword("");
        config.setPoolName(name);
        config.setMaximumPoolSize(16);
        return new HikariDataSource(config);
    }

    static void createOrders(DataSource pool) throws SQLException {
        execute(
                pool,
                "CREATE TABLE IF NOT EXISTS orders (purchase VARCHAR(40) PRIMARY KEY, customer INT, item INT, quantity INT)");
    }

    static void createInventory(DataSource pool) throws SQLException {
        execute(
                pool,
                "CREATE TABLE IF NOT EXISTS shelf (item INT PRIMARY KEY, stock INT CHECK (stock >= 0))",
                "CREATE TABLE IF NOT EXISTS taken (purchase VARCHAR(40) PRIMARY KEY, item INT, quantity INT)",
                "INSERT INTO shelf SELECT x, " + OPENING_STOCK + " FROM SYSTEM_RANGE(0, " + (ITEMS - 1)
                        + ") WHERE NOT EXISTS (SELECT * FROM shelf)");
    }

    static void createPayments(DataSource pool) throws SQLException {
        execute(
                pool,
                "CREATE TABLE IF NOT EXISTS account (customer INT PRIMARY KEY, cents BIGINT CHECK (cents >= 0))",
                "CREATE TABLE IF NOT EXISTS charge (purchase VARCHAR(40) PRIMARY KEY, customer INT, cents BIGINT)",
                "INSERT INTO account SELECT x, " + OPENING_CENTS + " FROM SYSTEM_RANGE(0, " + (CUSTOMERS - 1)
                        + ") WHERE NOT EXISTS (SELECT * FROM account)");
    }

    private static void execute(DataSource pool, String... statements) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
