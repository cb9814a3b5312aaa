package dev.assent.sdk.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Time that is left, statements that run, and what the pool gets back. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LimitsTest {
    private static final String ENDLESS =
            "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.x * b.x < 0";

    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void open() throws SQLException {
        bench = new Bench(Bench.url(directory), 1).withAccounts();
    }

    @AfterEach
    void close() {
        await("all connections are back").until(() -> bench.borrowed() == 0);
        bench.close();
    }

    @Test
    void aStatementEndsWithTheTimeOfItsTransaction() throws SQLException {
        JdbcBranch branch = bench.open(Bench.ref(1), Duration.ofMillis(700));
        try (Connection connection = bench.handle(branch);
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(500);
            assertThat(statement.getQueryTimeout()).isEqualTo(500);
            long start = System.nanoTime();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.executeQuery(ENDLESS));
            assertThat(Bench.millisSince(start)).isBetween(600L, 10_000L);
            await("the time is over")
                    .untilAsserted(() -> assertThatExceptionOfType(SQLException.class)
                            .isThrownBy(() -> statement.execute("SELECT 1"))
                            .withMessageContaining("time is over"));
        }
        bench.resource.rollBack(branch);
        assertThat(setting("QUERY_TIMEOUT")).isEqualTo("0");
    }

    @Test
    void aLockWaitEndsWithTheTimeOfItsTransaction() throws SQLException {
        JdbcResource other = bench.resource;
        try (Connection blocker = java.sql.DriverManager.getConnection(bench.url, "sa", "secret")) {
            blocker.setAutoCommit(false);
            Bench.set(blocker, 1, 1);
            bench.sql("SET LOCK_TIMEOUT 20000");
            JdbcBranch branch = bench.open(Bench.ref(1), Duration.ofMillis(500));
            try (Connection connection = bench.handle(branch)) {
                long start = System.nanoTime();
                assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Bench.set(connection, 1, 2));
                assertThat(Bench.millisSince(start)).isLessThan(10_000);
            }
            other.rollBack(branch);
            blocker.rollback();
        }
        try (Connection plain = bench.pool.getConnection()) {
            assertThat(new H2Dialect().lockTimeoutMillis(plain)).isEqualTo(20_000);
        }
    }

    @Test
    void prepareCanWaitForARunningStatementAndNameIt() throws Exception {
        JdbcBranch branch = bench.open();
        Connection connection = bench.handle(branch);
        Statement statement = connection.createStatement();
        CompletableFuture<ResultSet> running = runEndless(branch, statement);
        assertThat(branch.awaitIdle(Duration.ofMillis(100))).isFalse();
        assertThat(branch.runningStatement()).contains(ENDLESS);
        branch.cancelRunning();
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(20, TimeUnit.SECONDS));
        assertThat(branch.awaitIdle(Duration.ofSeconds(20))).isTrue();
        assertThat(branch.runningStatement()).isEmpty();
        connection.close();
        bench.resource.rollBack(branch);
    }

    private static CompletableFuture<ResultSet> runEndless(JdbcBranch branch, Statement statement) {
        CompletableFuture<ResultSet> running = CompletableFuture.supplyAsync(() -> {
            try {
                return statement.executeQuery(ENDLESS);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        await("the statement runs").until(() -> branch.runningStatement().isPresent());
        return running;
    }

    @Test
    void rollingBackCancelsTheRunningStatement() throws Exception {
        JdbcBranch branch = bench.working(1, 50);
        Statement statement = bench.handle(branch).createStatement();
        CompletableFuture<ResultSet> running = runEndless(branch, statement);
        bench.resource.rollBack(branch);
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(20, TimeUnit.SECONDS));
        await("the work is undone").until(() -> bench.amount(1) == 100);
    }

    @Test
    void theApplicationMayCancelFromAnotherThread() throws Exception {
        JdbcBranch branch = bench.open();
        Statement statement = bench.handle(branch).createStatement();
        CompletableFuture<ResultSet> running = runEndless(branch, statement);
        statement.cancel();
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(20, TimeUnit.SECONDS));
        bench.resource.rollBack(branch);
    }

    @Test
    void thePoolGetsItsConnectionBackAsItWas() throws SQLException {
        bench.sql("CREATE SCHEMA elsewhere");
        JdbcBranch branch = bench.open();
        try (Connection connection = bench.handle(branch)) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setReadOnly(true);
            connection.setSchema("ELSEWHERE");
            try (Statement statement = connection.createStatement()) {
                statement.execute("UPDATE public.account SET amount = 3 WHERE id = 1");
            }
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(connection.isReadOnly()).isTrue();
        }
        assertThat(bench.resource.writeEvidence(branch)).isTrue();
        bench.resource.prepare(branch);
        bench.resource.commitPrepared(branch.ref(), branch);
        try (Connection plain = bench.pool.getConnection()) {
            assertThat(plain.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(plain.isReadOnly()).isFalse();
            assertThat(plain.getSchema()).isEqualTo("PUBLIC");
            assertThat(plain.getAutoCommit()).isTrue();
        }
    }

    @Test
    void changingTheIsolationNeverCommitsEarlierWork() throws SQLException {
        JdbcBranch branch = bench.working(1, 50);
        Connection connection = bench.handle(branch);
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Bench.set(connection, 2, 1))
                .withMessageContaining("isolation");
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        Bench.set(connection, 2, 1);
        connection.close();
        bench.resource.rollBack(branch);
        assertThat(bench.amount(1) + bench.amount(2)).isEqualTo(200);
    }

    @Test
    void aPoolWithoutAutoCommitIsServedAsWell() throws SQLException {
        var config = Bench.config(bench.url);
        config.setAutoCommit(false);
        config.setMaximumPoolSize(1);
        try (var pool = new com.zaxxer.hikari.HikariDataSource(config)) {
            var resource = new JdbcResource(Bench.RESOURCE, pool, () -> Bench.CLUSTER, new H2Dialect(), Bench.SETTINGS);
            assertThat(resource.check()).isEmpty();
            for (int i = 0; i < 3; i++) {
                var ref = Bench.ref(100 + i);
                JdbcBranch branch = resource.open(ref.xid(), ref.branch(), System.nanoTime() + 10_000_000_000L);
                try (Connection connection = branch.handle(bench.doomed::add)) {
                    Bench.set(connection, 1, 40 + i);
                }
                assertThat(resource.writeEvidence(branch)).isTrue();
                resource.prepare(branch);
                assertThat(resource.commitPrepared(ref, branch)).isEqualTo(Finish.COMMITTED);
                try (Connection plain = pool.getConnection()) {
                    assertThat(plain.getAutoCommit()).isFalse();
                    assertThat(Bench.amount(plain, 1)).isEqualTo(40 + i);
                }
            }
            resource.close();
        }
    }

    @Test
    void aDeadlockThatTookTheBranchsWorkDoomsIt() throws Exception {
        JdbcBranch branch = bench.working(1, 50);
        try (Connection other = java.sql.DriverManager.getConnection(bench.url, "sa", "secret");
                Connection connection = bench.handle(branch)) {
            other.setAutoCommit(false);
            Bench.set(other, 2, 1);
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> attempt(other, 1));
            String mine = attempt(connection, 2);
            String others = waiting.get(30, TimeUnit.SECONDS);
            other.rollback();
            if (mine.contains("Deadlock")) {
                assertThat(bench.doomed).singleElement().asString().contains("deadlock");
            } else {
                assertThat(others).as("somebody was the victim; mine: %s", mine).contains("Deadlock");
            }
        }
        bench.resource.rollBack(branch);
    }

    private static String attempt(Connection connection, int id) {
        try {
            Bench.set(connection, id, 9);
            return "ok";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String setting(String name) throws SQLException {
        try (Connection plain = bench.pool.getConnection();
                Statement statement = plain.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = '" + name + "'")) {
            return result.next() ? result.getString(1) : "";
        }
    }
}
