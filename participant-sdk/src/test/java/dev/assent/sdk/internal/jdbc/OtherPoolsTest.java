package dev.assent.sdk.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sources that are not HikariCP's, and how a pool's end meets held connections. */
class OtherPoolsTest {
    @TempDir
    Path directory;

    @Test
    void aDataSourceWithoutPoolServes() throws SQLException {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(Bench.url(directory));
        dataSource.setUser("sa");
        dataSource.setPassword("secret");
        try (Connection keepsTheDatabaseOpen = dataSource.getConnection()) {
            assertThat(keepsTheDatabaseOpen.isValid(1)).isTrue();
            try (JdbcResource resource = new JdbcResource(
                    Bench.RESOURCE, dataSource, () -> Bench.CLUSTER, new H2Dialect(), Bench.SETTINGS)) {
                commitsAndRollsBack(resource, keepsTheDatabaseOpen);
            }
        }
    }

    @Test
    void h2sOwnPoolServes() throws SQLException {
        JdbcConnectionPool pool = JdbcConnectionPool.create(Bench.url(directory), "sa", "secret");
        pool.setMaxConnections(4);
        try (JdbcResource resource =
                new JdbcResource(Bench.RESOURCE, pool, () -> Bench.CLUSTER, new H2Dialect(), Bench.SETTINGS)) {
            try (Connection outside = pool.getConnection()) {
                commitsAndRollsBack(resource, outside);
            }
            assertThat(pool.getActiveConnections()).as("own ones alone").isEqualTo(OwnConnections.SIZE);
        }
        assertThat(pool.getActiveConnections()).isZero();
        pool.dispose();
    }

    private static void commitsAndRollsBack(JdbcResource resource, Connection outside) throws SQLException {
        assertThat(resource.check()).isEmpty();
        outside.createStatement().execute("CREATE TABLE account (id INTEGER PRIMARY KEY, amount INTEGER)");
        outside.createStatement().execute("INSERT INTO account VALUES (1, 100), (2, 100)");
        List<String> doomed = new ArrayList<>();
        for (int id = 1; id <= 2; id++) {
            var ref = Bench.ref(id);
            JdbcBranch branch = resource.open(ref.xid(), ref.branch(), System.nanoTime() + 10_000_000_000L);
            try (Connection connection = branch.handle(doomed::add)) {
                Bench.set(connection, id, 50);
            }
            assertThat(resource.writeEvidence(branch)).isTrue();
            resource.prepare(branch);
            assertThat(resource.listPrepared()).containsExactly(ref);
            if (id == 1) {
                assertThat(resource.commitPrepared(ref, branch)).isEqualTo(Finish.COMMITTED);
            } else {
                assertThat(resource.rollBackPrepared(ref, branch)).isEqualTo(Finish.ROLLED_BACK);
            }
        }
        assertThat(doomed).isEmpty();
        assertThat(Bench.amount(outside, 1)).isEqualTo(50);
        assertThat(Bench.amount(outside, 2)).isEqualTo(100);
    }

    @Test
    void aVoteSurvivesThatItsPoolIsClosedFirst() throws SQLException {
        Bench before = new Bench(directory).withAccounts();
        JdbcBranch branch = before.prepared(1, 50);
        before.pool.close();
        assertThat(before.resource.commitPrepared(branch.ref(), branch)).isEqualTo(Finish.COMMITTED);
        before.resource.close();
        try (Bench bench = new Bench(directory)) {
            assertThat(bench.amount(1)).isEqualTo(50);
        }
    }

    @Test
    void outsideATransactionTheDataSourceIsThePool() throws SQLException {
        try (Bench bench = new Bench(directory)) {
            List<Connection> current = new ArrayList<>();
            EnlistingDataSource dataSource = new EnlistingDataSource(
                    Bench.RESOURCE, bench.pool, resource -> current.isEmpty() ? null : current.get(0));
            try (Connection plain = dataSource.getConnection()) {
                assertThat(plain.isWrapperFor(org.h2.jdbc.JdbcConnection.class)).isTrue();
            }
            JdbcBranch branch = bench.open();
            current.add(bench.handle(branch));
            assertThat(dataSource.getConnection()).isSameAs(current.get(0));
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> dataSource.getConnection("sa", "secret"));
            bench.resource.rollBack(branch);
            assertThat(dataSource.unwrap(com.zaxxer.hikari.HikariDataSource.class))
                    .isSameAs(bench.pool);
        }
    }
}
