package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.Attempt;
import dev.assent.sdk.spi.Dialect;
import dev.assent.sdk.spi.EvidenceSql;
import dev.assent.sdk.spi.StartupProblem;
import dev.assent.sdk.spi.StartupScope;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * H2, as a file in this process or behind its TCP server.
 *
 * <p>H2 keeps a prepared transaction across crashes, but not the way other databases do, and each of the rules here has
 * its wreck:
 * <ul>
 *   <li>Its commits are not forced. {@code CHECKPOINT SYNC} follows prepare and commit, or a crash loses a vote.
 *   <li>A prepared connection is rolled back when its pool gets it. It is held, and finished by {@code commit()} on it.
 *   <li>{@code ROLLBACK TRANSACTION} of a branch whose session has ended closes the database and shows its uncommitted
 *       rows, unless the database was reopened since. Hence {@link H2Opening}: the name of a branch tells in which
 *       opening of the database it was prepared, and one of this opening is rolled back by its owner or not at all.
 *   <li>Committing a branch found after reopening leaves the results that sessions remember as they were; nothing that
 *       is written to another table helps. Removing a table makes every session translate its statements anew.
 * </ul>
 * Not to be helped: {@code SHUTDOWN COMPACT} and {@code DEFRAG} commit whatever is in doubt.
 */
public final class H2Dialect implements Dialect {
    private static final int NO_SUCH_TRANSACTION = 90129;
    private static final int DEADLOCK = 40001;
    private static final String DRIVER_CONNECTION = "org.h2.jdbc.JdbcConnection";

    // RAND() keeps H2 from answering with the remembered result of an earlier run of the same text.
    private static final String NOT_REMEMBERED = " AND RAND() >= 0";

    private static final EvidenceSql EVIDENCE = new EvidenceSql(
            Resources.text("/assent/ddl/h2.sql"),
            "INSERT INTO assent_branch (xid, branch_id, mode, state, created_at, updated_at)"
                    + " VALUES (?, ?, '2PC', 'COMMITTED', CURRENT_TIMESTAMP(6), CURRENT_TIMESTAMP(6))",
            "SELECT 1 FROM assent_branch WHERE xid = ? AND branch_id = ?" + NOT_REMEMBERED,
            "SELECT xid, branch_id FROM assent_branch WHERE xid LIKE ? AND branch_id LIKE ? AND mode = '2PC'"
                    + NOT_REMEMBERED + " ORDER BY created_at, xid, branch_id LIMIT ?",
            "DELETE FROM assent_branch WHERE xid = ? AND branch_id = ?");

    @Override
    public String name() {
        return "H2";
    }

    @Override
    public boolean recognises(DatabaseMetaData metaData) throws SQLException {
        return "H2".equals(metaData.getDatabaseProductName());
    }

    @Override
    public boolean holdsOwner() {
        return true;
    }

    @Override
    public String begin(Connection owner, BranchRef branch) throws SQLException {
        // Still in autocommit mode: the token may have to be written, and must not be locked by the branch.
        if (!owner.getAutoCommit()) {
            owner.setAutoCommit(true);
        }
        String opening = H2Opening.current(owner);
        owner.setAutoCommit(false);
        return new BranchName(branch, opening).toString();
    }

    @Override
    public boolean wroteAnything(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet result = statement.executeQuery("SELECT CONTAINS_UNCOMMITTED"
                        + " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()")) {
            // A session that H2 does not list is taken to have written: a false READ_ONLY would lose its work.
            return !result.next() || result.getBoolean(1);
        }
    }

    @Override
    public void prepare(Connection owner, String name) throws SQLException {
        execute(owner, "PREPARE COMMIT " + quoted(name));
        force(owner);
    }

    @Override
    public void undoAll(Connection owner, String name) throws SQLException {
        owner.rollback();
    }

    @Override
    public void rollBack(Connection owner, String name) throws SQLException {
        owner.rollback();
    }

    @Override
    public Attempt commitPrepared(Connection owner, String name) throws SQLException {
        owner.commit();
        // H2 says nothing when somebody rolled the branch back by hand meanwhile: the evidence does.
        Attempt attempt = hasEvidence(owner, name) ? Attempt.DONE : Attempt.UNKNOWN_TO_DATABASE;
        force(owner);
        return attempt;
    }

    @Override
    public Attempt rollBackPrepared(Connection owner, String name) throws SQLException {
        owner.rollback();
        Attempt attempt = hasEvidence(owner, name) ? Attempt.UNKNOWN_TO_DATABASE : Attempt.DONE;
        force(owner);
        return attempt;
    }

    private static boolean hasEvidence(Connection owner, String name) throws SQLException {
        BranchRef branch = BranchName.parse(name)
                .orElseThrow(() -> new SQLException("'" + name + "' names no branch"))
                .branch();
        return EvidenceTable.exists(owner, EVIDENCE, branch);
    }

    @Override
    public void reset(Connection owner) throws SQLException {
        // A session whose branch was finished by another one accepts nothing before this.
        owner.rollback();
        owner.setAutoCommit(true);
    }

    @Override
    public void abandon(Connection owner) throws SQLException {
        Class<?> driver = loadDriver(owner);
        // The driver's own close leaves a prepared transaction in doubt; a pool's rolls back first.
        ((Connection) owner.unwrap(driver)).close();
    }

    private static Class<?> loadDriver(Connection owner) throws SQLException {
        try {
            ClassLoader loader = owner.getMetaData().getClass().getClassLoader();
            return Class.forName(DRIVER_CONNECTION, false, loader);
        } catch (ClassNotFoundException e) {
            throw new SQLException("H2's driver is not visible from the connection pool", e);
        }
    }

    @Override
    public Attempt commitOrphan(Connection own, BranchRef branch) throws SQLException {
        Optional<BranchName> name = listed(own, branch);
        if (name.isEmpty() || !finish(own, "COMMIT TRANSACTION ", name.get())) {
            return Attempt.UNKNOWN_TO_DATABASE;
        }
        forgetRememberedResults(own);
        force(own);
        return Attempt.DONE;
    }

    @Override
    public Attempt rollBackOrphan(Connection own, BranchRef branch) throws SQLException {
        Optional<BranchName> name = listed(own, branch);
        if (name.isEmpty()) {
            return Attempt.UNKNOWN_TO_DATABASE;
        }
        if (name.get().mark().equals(H2Opening.current(own))) {
            throw new SQLTransientException("H2 was not reopened since branch " + branch + " was prepared: rolling it"
                    + " back from another session would damage the open database. The instance that prepared it does"
                    + " it if it lives; otherwise close all connections (or SHUTDOWN IMMEDIATELY) and open it again");
        }
        if (!finish(own, "ROLLBACK TRANSACTION ", name.get())) {
            return Attempt.UNKNOWN_TO_DATABASE;
        }
        forgetRememberedResults(own);
        force(own);
        return Attempt.DONE;
    }

    /** False if another session was faster. */
    private static boolean finish(Connection own, String command, BranchName name) throws SQLException {
        try {
            execute(own, command + quoted(name.toString()));
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_TRANSACTION) {
                return false;
            }
            throw e;
        }
    }

    private static void forgetRememberedResults(Connection own) throws SQLException {
        execute(own, "CREATE LOCAL TEMPORARY TABLE IF NOT EXISTS assent_refresh (x INTEGER)");
        execute(own, "DROP TABLE assent_refresh");
    }

    private static Optional<BranchName> listed(Connection own, BranchRef branch) throws SQLException {
        return names(own).stream().filter(name -> name.branch().equals(branch)).findFirst();
    }

    private static List<BranchName> names(Connection own) throws SQLException {
        List<BranchName> names = new ArrayList<>();
        try (Statement statement = own.createStatement();
                ResultSet result = statement.executeQuery("SELECT TRANSACTION_NAME FROM INFORMATION_SCHEMA.IN_DOUBT"
                        + " WHERE TRANSACTION_STATE = 'IN_DOUBT'" + NOT_REMEMBERED)) {
            while (result.next()) {
                BranchName.parse(result.getString(1)).ifPresent(names::add);
            }
        }
        return names;
    }

    @Override
    public List<BranchRef> listPrepared(Connection own) throws SQLException {
        H2Checks.requireAdmin(own);
        return names(own).stream().map(BranchName::branch).toList();
    }

    @Override
    public void force(Connection own) throws SQLException {
        execute(own, "CHECKPOINT SYNC");
    }

    @Override
    public List<String> tables() {
        return List.of("assent_branch", "assent_opening");
    }

    @Override
    public EvidenceSql evidence() {
        return EVIDENCE;
    }

    @Override
    public Optional<String> refusal(String sql) {
        return H2Statements.refusal(sql);
    }

    @Override
    public Optional<String> workLostBy(SQLException failure) {
        return failure.getErrorCode() == DEADLOCK
                ? Optional.of("a deadlock made H2 roll back all work of the branch")
                : Optional.empty();
    }

    @Override
    public long lockTimeoutMillis(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet result = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public void setLockTimeoutMillis(Connection owner, long millis) throws SQLException {
        execute(owner, "SET LOCK_TIMEOUT " + millis);
    }

    @Override
    public List<StartupProblem> check(Connection own, StartupScope scope) throws SQLException {
        return H2Checks.check(own, scope);
    }

    /** A name holds none but characters of xids, branch ids and tokens, so nothing in it needs escaping. */
    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
