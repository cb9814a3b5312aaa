package dev.assent.sdk.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.assent.sdk.spi.Dialect;
import dev.assent.sdk.spi.StartupProblem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupChecksTest {
    @TempDir
    Path directory;

    private List<StartupProblem> problems(DataSource dataSource, boolean development) {
        JdbcSettings settings = Bench.SETTINGS.withDevelopment(development);
        try (JdbcResource resource =
                new JdbcResource(Bench.RESOURCE, dataSource, () -> Bench.CLUSTER, new H2Dialect(), settings)) {
            return resource.check();
        }
    }

    private static JdbcDataSource dataSource(String url, String user) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL(url);
        dataSource.setUser(user);
        dataSource.setPassword("secret");
        return dataSource;
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(Bench.url(directory), "sa", "secret");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void aFileDatabaseIsSetUpOnceAndIsFineAgain() {
        DataSource dataSource = dataSource(Bench.url(directory), "sa");
        assertThat(problems(dataSource, false)).isEmpty();
        assertThat(problems(dataSource, false)).isEmpty();
    }

    @Test
    void databasesInMemoryAreForDevelopment() {
        DataSource dataSource = dataSource("jdbc:h2:mem:checks;DB_CLOSE_DELAY=-1", "sa");
        assertThat(problems(dataSource, false))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("inventory-db", "in memory"));
        assertThat(problems(dataSource, true)).isEmpty();
    }

    @Test
    void filesWhoseGapsAreWrittenToAreForDevelopment() {
        DataSource dataSource = dataSource("jdbc:h2:file:" + directory.resolve("gaps"), "sa");
        assertThat(problems(dataSource, false))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("inventory-db", "reuses the space"));
        assertThat(problems(dataSource, true)).isEmpty();
    }

    @Test
    void aUserWithoutRightsHearsOfEverythingAtOnce() throws SQLException {
        sql("CREATE USER clerk PASSWORD 'secret'");
        List<StartupProblem> problems = problems(dataSource(Bench.url(directory), "clerk"), false);
        assertThat(problems).extracting(StartupProblem::text).anyMatch(text -> text.contains("without ADMIN"));
        assertThat(problems).extracting(StartupProblem::text).anyMatch(text -> text.contains("lacks assent_branch"));
        assertThat(problems).allSatisfy(problem -> assertThat(problem.fix()).isNotBlank());
    }

    @Test
    void aTableOfSomebodyElseIsNotWrittenTo() throws SQLException {
        sql("CREATE TABLE assent_branch (xid VARCHAR(10) PRIMARY KEY, branch_id VARCHAR(64))");
        assertThat(problems(dataSource(Bench.url(directory), "sa"), false))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text())
                        .contains("columns missing: arguments, created_at", "primary key: (xid)"));
    }

    @Test
    void shortKeysAreFound() throws SQLException {
        String ddl = Resources.text("/assent/ddl/h2.sql").replace("branch_id  VARCHAR(64)", "branch_id  VARCHAR(40)");
        sql(ddl);
        assertThat(problems(dataSource(Bench.url(directory), "sa"), false))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("less than 64"));
    }

    @Test
    void aDataSourceOfAssentIsNotWrappedAgain() {
        DataSource wrapped =
                new EnlistingDataSource(Bench.RESOURCE, dataSource(Bench.url(directory), "sa"), resource -> null);
        assertThat(problems(wrapped, false))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("data source of Assent"));
    }

    @Test
    void anUnreachableDatabaseIsAProblemAndNoException() {
        assertThat(problems(dataSource(Bench.url(directory) + ";IFEXISTS=TRUE", "sa"), false))
                .singleElement()
                .satisfies(problem -> assertThat(problem.text()).contains("cannot be reached"));
    }

    @Test
    void anotherProductIsNamed() throws SQLException {
        JdbcDataSource dataSource = dataSource(Bench.url(directory), "sa");
        Dialect blind = mock(Dialect.class);
        try (JdbcResource resource =
                new JdbcResource(Bench.RESOURCE, dataSource, () -> Bench.CLUSTER, blind, Bench.SETTINGS)) {
            assertThat(resource.check())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.text()).contains("H2", "no dialect"));
        }
        assertThat(Dialects.forDatabase(dataSource)).isInstanceOf(H2Dialect.class);
    }
}
