package dev.assent.sdk.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedSqlTest {
    private final H2Dialect dialect = new H2Dialect();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT",
                "commit work",
                "  rollback",
                "ROLLBACK TO SAVEPOINT x",
                "BEGIN",
                "START TRANSACTION",
                "SAVEPOINT x",
                "PREPARE COMMIT x",
                "/* SELECT */ COMMIT",
                "-- SELECT\nCOMMIT",
                "// SELECT\rCOMMIT",
                "/* a /* nested */ SELECT */ COMMIT",
                "SELECT 1; COMMIT",
                "SELECT ';' ; /* x */ commit;",
                "SELECT $$;$$; COMMIT",
                "SELECT '--'; COMMIT",
                "SET AUTOCOMMIT TRUE",
                "SET /* x */ AUTOCOMMIT FALSE",
                "SET WRITE_DELAY 0",
                "CHECKPOINT",
                "CHECKPOINT SYNC",
                "SHUTDOWN",
                "SHUTDOWN COMPACT",
                "CREATE TABLE x (y INTEGER)",
                "DROP TABLE x",
                "ALTER TABLE x ADD y INTEGER",
                "TRUNCATE TABLE x",
                "GRANT ALL ON x TO y",
                "COMMENT ON TABLE x IS 'y'",
                "ANALYZE",
                "RUNSCRIPT FROM 'x'",
                "EXECUTE IMMEDIATE 'COMMIT'",
            })
    void whatEndsTheTransactionIsRefused(String sql) {
        assertThat(dialect.refusal(sql)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SELECT 'COMMIT'",
                "SELECT \"COMMIT\" FROM x",
                "SELECT 1 -- ; COMMIT",
                "SELECT 1 /* ; COMMIT */",
                "(SELECT 1)",
                "INSERT INTO x VALUES ('; COMMIT')",
                "UPDATE x SET y = 'it''s; COMMIT'",
                "DELETE FROM x; DELETE FROM y",
                "MERGE INTO x USING y ON (1 = 1) WHEN MATCHED THEN DELETE",
                "WITH a AS (SELECT 1) SELECT * FROM a",
                "{call f(?)}",
                "{? = call f(?)}",
                "CALL f(1)",
                "VALUES 1",
                "SHOW TABLES",
                "EXPLAIN SELECT 1",
                "SET @a = 1",
                "SET SCHEMA x",
            })
    void ordinaryStatementsPass(String sql) {
        assertThat(dialect.refusal(sql)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM FINAL TABLE (INSERT INTO x VALUES 1)",
                "WITH a AS (SELECT 1) DELETE FROM x",
                "SELECT 1; UPDATE x SET y = 1",
                "CALL f(1)"
            })
    void changesAreSeenInsideQueries(String sql) {
        assertThat(SqlText.of(sql).isQuery()).isFalse();
    }

    @Test
    void aLockingQueryIsAQuery() {
        assertThat(SqlText.of("SELECT a AS \"UPDATE\" FROM x FOR UPDATE").isQuery())
                .isTrue();
    }

    @Test
    void nothingRefusedReachesTheDatabase(@TempDir Path directory) throws SQLException {
        try (Bench bench = new Bench(directory).withAccounts()) {
            JdbcBranch branch = bench.working(1, 1);
            try (Connection connection = bench.handle(branch);
                    Statement statement = connection.createStatement()) {
                for (String sql : new String[] {"COMMIT", "SELECT 1; CREATE TABLE x (y INTEGER)"}) {
                    assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
                            .isThrownBy(() -> statement.execute(sql))
                            .withMessageContaining(branch.ref().xid().toString());
                    assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
                            .isThrownBy(() -> statement.addBatch(sql));
                    assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
                            .isThrownBy(() -> connection.prepareStatement(sql));
                    assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
                            .isThrownBy(() -> connection.prepareCall(sql));
                }
            }
            bench.resource.rollBack(branch);
            assertThat(bench.amount(1)).isEqualTo(100);
        }
    }
}
