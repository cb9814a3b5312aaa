package dev.assent.sdk.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedBranchTest {
    @TempDir
    Path directory;

    private Bench bench;

    @BeforeEach
    void open() throws SQLException {
        bench = new Bench(directory).withAccounts();
    }

    @AfterEach
    void close() {
        assertThat(bench.borrowed()).as("connections that did not come back").isZero();
        bench.close();
    }

    @Test
    void evidenceAppearsExactlyWithTheCommit() throws SQLException {
        JdbcBranch branch = bench.prepared(1, 50);
        assertThat(bench.borrowed()).as("held").isEqualTo(1);
        assertThat(bench.amount(1)).isEqualTo(100);
        assertThat(bench.evidenceRows()).isZero();
        assertThat(bench.resource.listPrepared()).containsExactly(branch.ref());

        assertThat(bench.resource.commitPrepared(branch.ref(), branch)).isEqualTo(Finish.COMMITTED);
        assertThat(bench.amount(1)).isEqualTo(50);
        assertThat(bench.resource.listRows(10)).containsExactly(branch.ref());
        assertThat(bench.resource.listPrepared()).isEmpty();

        bench.resource.removeRows(List.of(branch.ref(), Bench.ref(77)));
        assertThat(bench.evidenceRows()).isZero();
    }

    // Without it: a row that is shown acknowledges its branch, and a crash takes the commit back after the end.
    @Test
    void rowsAreForcedBeforeTheyAreShown() throws SQLException {
        H2Dialect dialect = spy(new H2Dialect());
        try (JdbcResource other =
                new JdbcResource(Bench.RESOURCE, bench.pool, () -> Bench.CLUSTER, dialect, Bench.SETTINGS)) {
            assertThat(other.listRows(10)).isEmpty();
            verify(dialect, never()).force(any());
            JdbcBranch branch = bench.prepared(1, 50);
            bench.resource.commitPrepared(branch.ref(), branch);
            assertThat(other.listRows(10)).containsExactly(branch.ref());
            verify(dialect).force(any());
        }
    }

    @Test
    void rollingBackLeavesNeitherWorkNorEvidence() throws SQLException {
        JdbcBranch branch = bench.prepared(1, 50);
        assertThat(bench.resource.rollBackPrepared(branch.ref(), branch)).isEqualTo(Finish.ROLLED_BACK);
        assertThat(bench.amount(1)).isEqualTo(100);
        assertThat(bench.evidenceRows()).isZero();
        assertThat(bench.resource.listPrepared()).isEmpty();
    }

    @Test
    void repeatedFinishesAnswerTheSame() throws SQLException {
        JdbcBranch committed = bench.prepared(1, 50);
        JdbcBranch undone = bench.prepared(2, 50);
        bench.resource.commitPrepared(committed.ref(), committed);
        bench.resource.rollBackPrepared(undone.ref(), undone);
        assertThat(bench.resource.commitPrepared(committed.ref(), committed)).isEqualTo(Finish.COMMITTED);
        assertThat(bench.resource.commitPrepared(committed.ref(), null)).isEqualTo(Finish.COMMITTED);
        assertThat(bench.resource.rollBackPrepared(committed.ref(), null)).isEqualTo(Finish.FOUND_COMMITTED);
        assertThat(bench.resource.rollBackPrepared(undone.ref(), null)).isEqualTo(Finish.ROLLED_BACK);
        assertThat(bench.resource.commitPrepared(undone.ref(), undone)).isEqualTo(Finish.NOTHING_FOUND);
        assertThat(bench.resource.commitPrepared(Bench.ref(99), null)).isEqualTo(Finish.NOTHING_FOUND);
        assertThat(bench.resource.rollBackPrepared(Bench.ref(99), null)).isEqualTo(Finish.ROLLED_BACK);
    }

    @Test
    void aBranchThatOnlyReadHasNothingToPrepare() throws SQLException {
        JdbcBranch branch = bench.open();
        try (Connection connection = bench.handle(branch)) {
            assertThat(Bench.amount(connection, 1)).isEqualTo(100);
            try (Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("UPDATE account SET amount = 0 WHERE id = 77"))
                        .isZero();
            }
        }
        assertThat(bench.resource.writeEvidence(branch)).isFalse();
        bench.resource.rollBack(branch);
    }

    @Test
    void aLockIsWorkToo() throws SQLException {
        JdbcBranch branch = bench.open();
        try (Connection connection = bench.handle(branch);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM account WHERE id = 1 FOR UPDATE")) {
            assertThat(rows.next()).isTrue();
        }
        assertThat(bench.resource.writeEvidence(branch)).isTrue();
        bench.resource.rollBack(branch);
        assertThat(bench.evidenceRows()).isZero();
    }

    @Test
    void changesWithoutCommitAreNotPrepared() throws SQLException {
        JdbcBranch branch = bench.open();
        Connection forgotten = bench.handle(branch);
        forgotten.setAutoCommit(false);
        Bench.set(forgotten, 1, 10);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> bench.resource.writeEvidence(branch))
                .withMessageContaining("neither committed nor rolled back");
        bench.resource.rollBack(branch);
        forgotten.close();
    }

    @Test
    void evidenceGetsIntoAssentsTableWhateverTheSchema() throws SQLException {
        bench.sql("CREATE SCHEMA elsewhere");
        bench.sql("CREATE TABLE elsewhere.assent_branch (x INTEGER)");
        JdbcBranch branch = bench.open();
        try (Connection connection = bench.handle(branch);
                Statement statement = connection.createStatement()) {
            Bench.set(connection, 1, 10);
            statement.execute("SET SCHEMA elsewhere");
        }
        assertThat(bench.resource.writeEvidence(branch)).isTrue();
        bench.resource.prepare(branch);
        assertThat(bench.resource.commitPrepared(branch.ref(), branch)).isEqualTo(Finish.COMMITTED);
        assertThat(bench.evidenceRows()).isEqualTo(1);
        assertThat(bench.amount(1)).isEqualTo(10);
    }

    @Test
    void everyCallAfterTheVoteSaysWhichTransactionAndWhy() throws SQLException {
        JdbcBranch branch = bench.open();
        Connection connection = bench.handle(branch);
        Bench.set(connection, 1, 10);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM account");
        branch.close("PREPARED, it has voted YES");
        bench.resource.writeEvidence(branch);
        bench.resource.prepare(branch);
        for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
                List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                        connection::createStatement,
                        connection::commit,
                        connection::rollback,
                        () -> connection.setAutoCommit(true),
                        () -> statement.execute("SELECT 1"),
                        rows::next)) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(call)
                    .withMessageContaining(branch.ref().xid().toString())
                    .withMessageContaining("PREPARED, it has voted YES");
        }
        rows.close();
        statement.close();
        connection.close();
        assertThat(bench.resource.listPrepared()).containsExactly(branch.ref());
        bench.resource.commitPrepared(branch.ref(), branch);
        assertThat(bench.amount(1)).isEqualTo(10);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> bench.handle(branch).createStatement());
    }

    @Test
    void aBranchRolledBackByHandIsNotTakenForCommitted() throws SQLException {
        JdbcBranch branch = bench.prepared(1, 50);
        bench.sql("ROLLBACK TRANSACTION \"" + branch.name() + "\"");
        assertThat(bench.resource.commitPrepared(branch.ref(), branch)).isEqualTo(Finish.NOTHING_FOUND);
        assertThat(bench.amount(1)).isEqualTo(100);
    }

    @Test
    void aBranchCommittedByHandIsNotTakenForRolledBack() throws SQLException {
        JdbcBranch branch = bench.prepared(1, 50);
        bench.sql("COMMIT TRANSACTION \"" + branch.name() + "\"");
        assertThat(bench.resource.rollBackPrepared(branch.ref(), branch)).isEqualTo(Finish.FOUND_COMMITTED);
        assertThat(bench.amount(1)).isEqualTo(50);
    }

    @Test
    void phaseTwoDoesNotWaitForAnExhaustedPool() throws SQLException {
        JdbcBranch first = bench.prepared(1, 50);
        JdbcBranch second = bench.prepared(2, 50);
        try (Connection a = bench.pool.getConnection();
                Connection b = bench.pool.getConnection()) {
            assertThat(bench.borrowed()).isEqualTo(4);
            long start = System.nanoTime();
            assertThat(bench.resource.listPrepared()).containsExactlyInAnyOrder(first.ref(), second.ref());
            assertThat(bench.resource.commitPrepared(first.ref(), null)).isEqualTo(Finish.COMMITTED);
            assertThat(bench.resource.rollBackPrepared(second.ref(), second)).isEqualTo(Finish.ROLLED_BACK);
            assertThat(Bench.millisSince(start)).isLessThan(1_000);
            assertThat(a.isClosed() || b.isClosed()).isFalse();
        }
        assertThat(bench.resource.commitPrepared(first.ref(), first))
                .as("the owner hears of it afterwards")
                .isEqualTo(Finish.COMMITTED);
        assertThat(bench.amount(1)).isEqualTo(50);
        assertThat(bench.amount(2)).isEqualTo(100);
    }

    @Test
    void branchesOfOtherClustersAndResourcesAreLeftAlone() throws SQLException {
        JdbcBranch mine = bench.prepared(1, 50);
        ClusterId otherLife = new ClusterId("shop", "zzzzzzzz");
        BranchRef foreign =
                new BranchRef(new Xid(otherLife, 0, 3, 1), Bench.ref(500).branch());
        try (Connection connection = bench.pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("UPDATE account SET amount = 1 WHERE id = 2");
            statement.execute("PREPARE COMMIT \"" + new BranchName(foreign, "x") + "\"");
            assertThat(bench.resource.listPrepared()).containsExactly(mine.ref());
            connection.rollback();
        }
        assertThat(bench.resource.commitPrepared(mine.ref(), mine)).isEqualTo(Finish.COMMITTED);
    }

    @Test
    void namesFitAndCanBeReadBack() {
        BranchName name = new BranchName(Bench.ref(7), "0123456789abcdef");
        assertThat(BranchName.parse(name.toString())).contains(name);
        assertThat(BranchName.parse("assent:x/y/z")).isEmpty();
        assertThat(BranchName.parse("somebody")).isEmpty();
        assertThat(Xid.MAX_BYTES + dev.assent.protocol.BranchId.MAX_BYTES + 9 + 16)
                .isLessThan(256);
    }
}
