package dev.assent.sdk.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a connection means inside a global transaction, row by row. */
class HandleTest {
    @TempDir
    Path directory;

    private Bench bench;
    private JdbcBranch branch;

    @BeforeEach
    void open() throws SQLException {
        bench = new Bench(directory).withAccounts();
        branch = bench.open();
    }

    @AfterEach
    void close() {
        bench.resource.rollBack(branch);
        assertThat(bench.borrowed()).as("connections that did not come back").isZero();
        bench.close();
    }

    @Test
    void handlesShareOneLocalTransaction() throws SQLException {
        try (Connection first = bench.handle(branch)) {
            Bench.set(first, 1, 50);
        }
        try (Connection second = bench.handle(branch)) {
            assertThat(Bench.amount(second, 1)).isEqualTo(50);
        }
        assertThat(bench.amount(1)).as("seen from outside").isEqualTo(100);
        assertThat(bench.doomed).isEmpty();
    }

    @Test
    void autoCommitBelongsToTheHandleAndNeverReachesTheDatabase() throws SQLException {
        Connection first = bench.handle(branch);
        Connection second = bench.handle(branch);
        assertThat(first.getAutoCommit()).isTrue();
        first.setAutoCommit(false);
        assertThat(second.getAutoCommit()).isTrue();
        Bench.set(first, 1, 60);
        first.setAutoCommit(true);
        Bench.set(second, 2, 70);
        first.close();
        second.close();
        assertThat(bench.doomed).isEmpty();
        assertThat(bench.amount(1) + bench.amount(2)).isEqualTo(200);
    }

    @Test
    void commitLetsTheUnitStandButNotBecomeDurable() throws SQLException {
        try (Connection connection = bench.handle(branch)) {
            connection.setAutoCommit(false);
            Bench.set(connection, 1, 10);
            connection.commit();
        }
        assertThat(bench.doomed).isEmpty();
        assertThat(bench.amount(1)).isEqualTo(100);
        try (Connection connection = bench.handle(branch)) {
            assertThat(Bench.amount(connection, 1)).isEqualTo(10);
        }
    }

    @Test
    void rollbackOfTheFirstUnitUndoesItAndForbidsTheCommit() throws SQLException {
        try (Connection connection = bench.handle(branch)) {
            connection.setAutoCommit(false);
            Bench.set(connection, 1, 10);
            connection.rollback();
            assertThat(Bench.amount(connection, 1)).isEqualTo(100);
            Bench.set(connection, 2, 20);
            assertThat(Bench.amount(connection, 2))
                    .as("the branch is still usable")
                    .isEqualTo(20);
            connection.commit();
        }
        assertThat(bench.doomed).hasSize(1);
        assertThat(bench.amount(2)).isEqualTo(100);
    }

    @Test
    void rollbackOfALaterUnitLetsEarlierOnesStand() throws SQLException {
        try (Connection connection = bench.handle(branch)) {
            connection.setAutoCommit(false);
            Bench.set(connection, 1, 10);
            connection.commit();
            Bench.set(connection, 1, 20);
            Bench.set(connection, 2, 20);
            connection.rollback();
            assertThat(Bench.amount(connection, 1)).isEqualTo(10);
            assertThat(Bench.amount(connection, 2)).isEqualTo(100);
        }
        assertThat(bench.doomed).hasSize(1);
    }

    @Test
    void aUnitUndoneInAnAttemptDoesNotForbidTheCommit() throws SQLException {
        BranchHooks attempt = new BranchHooks() {
            @Override
            public void doomed(String reason) {
                bench.doomed.add(reason);
            }

            @Override
            public void undone(String reason) {}
        };
        try (Connection connection = branch.handle(attempt)) {
            connection.setAutoCommit(false);
            Bench.set(connection, 1, 10);
            connection.rollback();
        }
        assertThat(bench.doomed).isEmpty();
        assertThat(bench.resource.writeEvidence(branch))
                .as("all units were undone")
                .isFalse();
    }

    @Test
    void aUnitThatOthersOverlappedIsNotUndoneSingly() throws SQLException {
        Connection outer = bench.handle(branch);
        outer.setAutoCommit(false);
        Bench.set(outer, 1, 10);
        try (Connection inner = bench.handle(branch)) {
            Bench.set(inner, 2, 20);
        }
        outer.rollback();
        assertThat(Bench.amount(outer, 2)).as("the other's work").isEqualTo(20);
        assertThat(bench.doomed).singleElement().asString().contains("overlapped");
        outer.close();
    }

    @Test
    void anInnerUnitIsUndoneWithoutTheOuterOne() throws SQLException {
        Connection outer = bench.handle(branch);
        outer.setAutoCommit(false);
        Bench.set(outer, 1, 10);
        try (Connection inner = bench.handle(branch)) {
            inner.setAutoCommit(false);
            Bench.set(inner, 2, 20);
            inner.rollback();
        }
        assertThat(Bench.amount(outer, 2)).isEqualTo(100);
        assertThat(Bench.amount(outer, 1)).isEqualTo(10);
        outer.commit();
        outer.close();
    }

    @Test
    void aReaderWhoseMarkWentWithAnotherUnitMayStillBeUndone() throws SQLException {
        Connection first = bench.handle(branch);
        first.setAutoCommit(false);
        Bench.set(first, 1, 10);
        Connection second = bench.handle(branch);
        second.setAutoCommit(false);
        assertThat(Bench.amount(second, 1)).isEqualTo(10);
        first.rollback();
        Bench.set(second, 2, 20);
        second.rollback();
        assertThat(Bench.amount(second, 1) + Bench.amount(second, 2)).isEqualTo(200);
        first.close();
        second.close();
    }

    @Test
    void closeWithoutCommitUndoesChangesAndForbidsTheCommit() throws SQLException {
        try (Connection connection = bench.handle(branch)) {
            connection.setAutoCommit(false);
            Bench.set(connection, 1, 10);
        }
        assertThat(bench.doomed).singleElement().asString().contains("without commit");
        try (Connection connection = bench.handle(branch)) {
            assertThat(Bench.amount(connection, 1)).isEqualTo(100);
        }
    }

    @Test
    void closeWithoutCommitAfterQueriesForbidsNothing() throws SQLException {
        try (Connection connection = bench.handle(branch)) {
            connection.setAutoCommit(false);
            assertThat(Bench.amount(connection, 1)).isEqualTo(100);
        }
        assertThat(bench.doomed).isEmpty();
    }

    @Test
    void aClosedHandleTakesNoCallsAndClosesItsStatements() throws SQLException {
        Connection connection = bench.handle(branch);
        Statement statement = connection.createStatement();
        connection.close();
        connection.close();
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        assertThat(statement.isClosed()).isTrue();
        assertThatExceptionOfType(SQLException.class).isThrownBy(connection::createStatement);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT 1"));
    }

    @Test
    void savepointsOfTheApplicationWorkWithinTheirUnit() throws SQLException {
        try (Connection connection = bench.handle(branch)) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(connection::setSavepoint);
            connection.setAutoCommit(false);
            Bench.set(connection, 1, 10);
            Savepoint savepoint = connection.setSavepoint("before_two");
            Bench.set(connection, 2, 20);
            connection.rollback(savepoint);
            assertThat(Bench.amount(connection, 1)).isEqualTo(10);
            assertThat(Bench.amount(connection, 2)).isEqualTo(100);
            connection.commit();
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.rollback(savepoint));
        }
        assertThat(bench.doomed).isEmpty();
    }

    @Test
    void everyKindOfStatementWorksAndLeadsBackToTheHandle() throws SQLException {
        bench.sql("CREATE TABLE note (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text VARCHAR)");
        try (Connection connection = bench.handle(branch)) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO note (text) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
                insert.setString(1, "a");
                assertThat(insert.executeUpdate()).isEqualTo(1);
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    assertThat(keys.next()).isTrue();
                    assertThat(keys.getInt(1)).isEqualTo(1);
                    assertThat(keys.getStatement()).isSameAs(insert);
                }
                for (String text : new String[] {"b", "c"}) {
                    insert.setString(1, text);
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).containsExactly(1, 1);
                assertThat(insert.getConnection()).isSameAs(connection);
            }
            try (CallableStatement call = connection.prepareCall("CALL 1 + 1");
                    ResultSet rows = call.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(2);
            }
            try (Statement statement =
                            connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                    ResultSet rows = statement.executeQuery("SELECT id, amount FROM account ORDER BY id")) {
                assertThat(rows.next()).isTrue();
                rows.updateInt("amount", 5);
                rows.updateRow();
            }
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
        }
        assertThat(bench.resource.writeEvidence(branch)).isTrue();
        assertThat(bench.amount(1)).isEqualTo(100);
    }

    @Test
    void thePhysicalConnectionIsNotGivenOut() throws SQLException {
        try (Connection connection = bench.handle(branch)) {
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.isWrapperFor(org.h2.jdbc.JdbcConnection.class))
                    .isFalse();
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> connection.unwrap(org.h2.jdbc.JdbcConnection.class))
                    .withMessageContaining("not given out");
        }
    }

    @Test
    void exceptionsOfTheDriverComeAsTheyAre() throws SQLException {
        try (Connection connection = bench.handle(branch);
                Statement statement = connection.createStatement()) {
            assertThatExceptionOfType(java.sql.SQLIntegrityConstraintViolationException.class)
                    .isThrownBy(() -> statement.execute("INSERT INTO account VALUES (1, 1)"));
        }
        assertThat(bench.doomed).as("a failed statement undoes only itself").isEmpty();
    }
}
