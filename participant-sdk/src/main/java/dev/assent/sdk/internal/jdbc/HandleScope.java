package dev.assent.sdk.internal.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one handle knows and does on its branch: its autocommit mode, its present unit of work, its open statements.
 * Everything here is called under the branch's lock.
 */
final class HandleScope {
    private static final long NOT_BEGUN = 0;

    private final JdbcBranch branch;
    private final BranchHooks hooks;
    private final Set<Statement> statements = Collections.newSetFromMap(new IdentityHashMap<>());
    private long unit;
    /** The attempts in which the unit began. */
    private List<Attempted> unitBegan = List.of();

    private boolean autoCommit = true;
    private boolean readOnly;
    private volatile boolean isClosed;
    private @Nullable Integer isolation;

    HandleScope(JdbcBranch branch, BranchHooks hooks) {
        this.branch = branch;
        this.hooks = hooks;
        // Not the branch's lock yet: whoever asks for a connection must not wait for a statement of another one.
        this.unit = NOT_BEGUN;
    }

    JdbcBranch branch() {
        return branch;
    }

    BranchHooks hooks() {
        return hooks;
    }

    boolean isClosed() {
        return isClosed;
    }

    void checkOpen() throws SQLException {
        if (isClosed) {
            throw new SQLNonTransientConnectionException("This connection of branch " + branch.ref() + " was closed");
        }
    }

    void opened(Statement statement) {
        statements.add(statement);
    }

    void forget(Statement statement) {
        statements.remove(statement);
    }

    // ---- statements ----

    /** Executes one statement as part of the present unit, or as a unit of its own in autocommit mode. */
    @Nullable
    Object execute(Statement statement, Sql sql, int queryTimeoutSeconds, JdbcBranch.Call call) throws SQLException {
        try {
            branch.limits().apply(statement, queryTimeoutSeconds);
            applyIsolation();
            List<Long> chain = enterUnits();
            if (!sql.isQuery()) {
                branch.units().changed(chain);
            }
            Object result = branch.execute(statement, sql.text(), call);
            if (chain.isEmpty()) {
                branch.units().stands();
            }
            return result;
        } catch (SQLException e) {
            Optional<String> lost = branch.dialect().workLostBy(e);
            if (lost.isPresent()) {
                branch.units().allLost();
                hooks.doomed(lost.get() + ": " + e.getMessage());
            }
            throw e;
        }
    }

    /** The units that what comes next is part of: those of the attempts around it, and the connection's own. */
    private List<Long> enterUnits() throws SQLException {
        List<Attempted> attempts = hooks.attempts();
        List<Long> chain = branch.units().within(attempts);
        if (!autoCommit) {
            if (unit == NOT_BEGUN) {
                unit = branch.units().begin();
                unitBegan = attempts;
            }
            chain.add(unit);
        }
        branch.units().enter(chain);
        return chain;
    }

    /** Some drivers commit when the isolation is changed, so it is done before the branch's first statement or never. */
    private void applyIsolation() throws SQLException {
        if (isolation == null || isolation == branch.physical().getTransactionIsolation()) {
            return;
        }
        if (branch.isWorking()) {
            throw new SQLException("Branch " + branch.ref() + " already works at another isolation level: all"
                    + " connections of a global transaction on one resource share one local transaction");
        }
        branch.physical().setTransactionIsolation(isolation);
    }

    // ---- the unit of work ----

    boolean autoCommit() {
        return autoCommit;
    }

    /** Switching autocommit on ends the unit as a commit does. */
    void setAutoCommit(boolean wanted) throws SQLException {
        if (wanted && !autoCommit) {
            commit();
        }
        autoCommit = wanted;
    }

    void commit() throws SQLException {
        branch.units().commit(endUnit());
    }

    void rollBack() throws SQLException {
        long ended = endUnit();
        if (branch.units().isMarked(ended)) {
            undo(ended, "a unit of work was rolled back by the application");
        } else {
            branch.units().commit(ended);
        }
    }

    private long endUnit() {
        long ended = unit;
        unit = NOT_BEGUN;
        return ended;
    }

    private void undo(long ended, String reason) throws SQLException {
        boolean isUndone;
        try {
            isUndone = branch.units().undo(ended);
        } catch (SQLException e) {
            hooks.doomed(reason + ", and undoing it failed: " + e.getMessage());
            throw e;
        }
        if (!isUndone) {
            hooks.doomed(reason + ", which overlapped with work of another connection and cannot be undone singly");
        } else if (unitBegan.equals(hooks.attempts())) {
            hooks.undone(reason);
        } else {
            // Part of it was done outside the attempt that would answer for its loss.
            hooks.doomed(reason);
        }
    }

    /** Work without commit is undone; only looking at data is no work. */
    void close() throws SQLException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        long ended = endUnit();
        try {
            closeStatements();
        } finally {
            if (branch.units().hasChanged(ended)) {
                undo(ended, "a connection was closed without commit()");
            } else {
                branch.units().commit(ended);
            }
        }
    }

    /** The application wants to be rid of the connection at once, whatever runs on it. */
    void abort() throws SQLException {
        isClosed = true;
        hooks.doomed("a connection was aborted by the application");
        branch.cancelRunning();
    }

    private void closeStatements() throws SQLException {
        for (Statement statement : List.copyOf(statements)) {
            statement.close();
        }
        statements.clear();
    }

    // ---- savepoints of the application ----

    Savepoint setSavepoint(@Nullable String savepointName) throws SQLException {
        if (autoCommit) {
            throw new SQLException("A savepoint needs autocommit off");
        }
        List<Long> unused = enterUnits();
        long mark = branch.units().mark();
        Savepoint savepoint = savepointName == null
                ? branch.physical().setSavepoint()
                : branch.physical().setSavepoint(savepointName);
        return new HandleSavepoint(unit, mark, savepoint);
    }

    void rollBackTo(Savepoint savepoint) throws SQLException {
        HandleSavepoint ours = ofThisUnit(savepoint);
        boolean isOverlapped = branch.units().isOverlapped(unit);
        branch.physical().rollback(ours.physical());
        branch.units().wentBackTo(ours.mark());
        if (isOverlapped) {
            hooks.doomed("a rollback to a savepoint may have undone work of another connection as well");
        }
    }

    void release(Savepoint savepoint) throws SQLException {
        branch.physical().releaseSavepoint(ofThisUnit(savepoint).physical());
    }

    private HandleSavepoint ofThisUnit(Savepoint savepoint) throws SQLException {
        if (savepoint instanceof HandleSavepoint ours && ours.unit() == unit) {
            return ours;
        }
        throw new SQLException("The savepoint does not belong to the present unit of work of this connection");
    }

    // ---- what is remembered for the handle only ----

    int isolation() throws SQLException {
        return isolation != null ? isolation : branch.physical().getTransactionIsolation();
    }

    void setIsolation(int level) {
        isolation = level;
    }

    boolean readOnly() {
        return readOnly;
    }

    void setReadOnly(boolean wanted) {
        readOnly = wanted;
    }
}
