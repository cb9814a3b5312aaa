package dev.assent.sdk.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a prepared branch when its owner is gone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CrashTest {
    @TempDir
    Path directory;

    @Test
    void aVoteSurvivesTheDeathOfItsProcess() throws Exception {
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashedOwner.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = owner.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder all = new StringBuilder();
            String line = said.readLine();
            while (line != null && !line.equals("PREPARED")) {
                all.append(line).append('\n');
                line = said.readLine();
            }
            assertThat(line).as("the child said: %s", all).isEqualTo("PREPARED");
        } finally {
            owner.destroyForcibly();
            assertThat(owner.waitFor(20, TimeUnit.SECONDS))
                    .as("the child is gone")
                    .isTrue();
        }
        try (Bench bench = new Bench(directory)) {
            assertBothEnds(bench);
        }
    }

    @Test
    void aVoteSurvivesTheLossOfTheDatabase() throws SQLException {
        Bench before = new Bench(directory).withAccounts();
        before.prepared(1, 50);
        before.prepared(2, 50);
        try (Connection connection = DriverManager.getConnection(before.url, "sa", "secret");
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
        before.pool.close();
        before.resource.close();
        try (Bench bench = new Bench(directory)) {
            assertBothEnds(bench);
        }
    }

    /** Listed, locked and invisible at first; then one is committed and the other rolled back. */
    private static void assertBothEnds(Bench bench) throws SQLException {
        assertThat(bench.resource.listPrepared()).containsExactlyInAnyOrder(Bench.ref(0), Bench.ref(1));
        assertThat(bench.amount(1)).isEqualTo(100);
        assertThat(bench.evidenceRows()).isZero();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> bench.sql("SET LOCK_TIMEOUT 50; UPDATE account SET amount = 1 WHERE id = 2"));
        try (Connection reader = bench.pool.getConnection();
                PreparedStatement select = reader.prepareStatement("SELECT amount FROM account WHERE id = 1")) {
            assertThat(amount(select)).isEqualTo(100);
            assertThat(bench.resource.commitPrepared(Bench.ref(0), null)).isEqualTo(Finish.COMMITTED);
            assertThat(amount(select)).as("not a remembered result").isEqualTo(50);
        }
        assertThat(bench.resource.rollBackPrepared(Bench.ref(1), null)).isEqualTo(Finish.ROLLED_BACK);
        assertThat(bench.amount(2)).isEqualTo(100);
        assertThat(bench.resource.listPrepared()).isEmpty();
        assertThat(bench.resource.listRows(10)).containsExactly(Bench.ref(0));
        bench.sql("UPDATE account SET amount = 7 WHERE id = 2");
        assertThat(bench.amount(2)).isEqualTo(7);
    }

    private static int amount(PreparedStatement select) throws SQLException {
        try (ResultSet result = select.executeQuery()) {
            result.next();
            return result.getInt(1);
        }
    }

    @Test
    void closingTheResourceLeavesPreparedBranchesInDoubt() throws SQLException {
        Bench before = new Bench(directory).withAccounts();
        before.prepared(1, 50);
        before.prepared(2, 50);
        before.close();
        try (Bench bench = new Bench(directory)) {
            assertBothEnds(bench);
        }
    }

    @Test
    void anOrphanOfAnOpenDatabaseIsCommittedButNotRolledBack() throws SQLException {
        Bench bench = new Bench(directory).withAccounts();
        bench.prepared(1, 50);
        bench.prepared(2, 50);
        // Or the database might close with the last branch's connection, and be reopened by whoever comes next.
        Connection keepsItOpen = bench.pool.getConnection();
        bench.resource.close();
        JdbcResource later = again(bench.pool);
        assertThat(later.commitPrepared(Bench.ref(0), null)).isEqualTo(Finish.COMMITTED);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> later.rollBackPrepared(Bench.ref(1), null))
                .withMessageContaining("not reopened");
        assertThat(later.listPrepared()).containsExactly(Bench.ref(1));
        assertThat(bench.amount(1)).isEqualTo(50);
        assertThat(bench.amount(2)).isEqualTo(100);
        later.close();
        keepsItOpen.close();
        bench.pool.close();
        try (Bench reopened = new Bench(directory)) {
            assertThat(reopened.resource.rollBackPrepared(Bench.ref(1), null)).isEqualTo(Finish.ROLLED_BACK);
            assertThat(reopened.amount(2)).isEqualTo(100);
        }
    }

    private static JdbcResource again(HikariDataSource pool) {
        JdbcResource resource =
                new JdbcResource(Bench.RESOURCE, pool, () -> Bench.CLUSTER, new H2Dialect(), Bench.SETTINGS);
        assertThat(resource.check()).isEmpty();
        return resource;
    }

    @Test
    void anUnpreparedBranchDiesWithItsConnection() throws SQLException {
        try (Bench bench = new Bench(directory).withAccounts()) {
            JdbcBranch branch = bench.working(1, 50);
            bench.pool.evictConnection(branch.physical());
            bench.resource.rollBack(branch);
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> bench.resource.writeEvidence(branch));
            assertThat(bench.amount(1)).isEqualTo(100);
            assertThat(bench.borrowed()).isZero();
        }
    }

    @Test
    void aPreparedBranchOutlivesSoftEvictionAndKeepsItsConnection() throws SQLException {
        try (Bench bench = new Bench(directory).withAccounts()) {
            JdbcBranch branch = bench.prepared(1, 50);
            bench.pool.getHikariPoolMXBean().softEvictConnections();
            assertThat(bench.resource.commitPrepared(branch.ref(), branch)).isEqualTo(Finish.COMMITTED);
            assertThat(bench.amount(1)).isEqualTo(50);
        }
    }

    @Test
    void aPreparedBranchWhoseConnectionWasLostIsFinishedOnAnother() throws SQLException {
        try (Bench bench = new Bench(directory).withAccounts()) {
            JdbcBranch branch = bench.prepared(1, 50);
            new H2Dialect().abandon(branch.physical());
            assertThat(bench.resource.commitPrepared(branch.ref(), branch)).isEqualTo(Finish.COMMITTED);
            assertThat(bench.amount(1)).isEqualTo(50);
            assertThat(bench.borrowed()).isZero();
        }
    }
}
