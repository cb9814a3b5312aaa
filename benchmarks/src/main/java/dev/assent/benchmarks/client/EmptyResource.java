package dev.assent.benchmarks.client;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.internal.branch.BranchDatabase;
import dev.assent.sdk.internal.branch.BranchDatabaseSource;
import dev.assent.sdk.internal.branch.BranchEvents;
import dev.assent.sdk.internal.branch.HandleUser;
import dev.assent.sdk.internal.branch.OpenBranch;
import dev.assent.sdk.internal.jdbc.Attempted;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * A resource that votes YES, commits and rolls back without doing anything: what is left of a transaction's cost is
 * Assent's own. It forgets everything with the process, which no real resource may. Thread-safe.
 */
final class EmptyResource implements BranchDatabaseSource {
    /** All branches share one handle: making one per transaction would be measured as if it were Assent's. */
    private static final Connection HANDLE = handle();

    @Override
    public BranchDatabase branches(ResourceName resource) {
        return new EmptyDatabase(resource);
    }

    private record EmptyDatabase(ResourceName resource) implements BranchDatabase {
        @Override
        public OpenBranch open(Xid xid, BranchId branch, Duration left, BranchEvents events) {
            return new EmptyBranch(xid, branch);
        }

        @Override
        public BranchInput commitPrepared(BranchRef branch) {
            return new BranchInput.Committed(branch);
        }

        @Override
        public BranchInput rollBackPrepared(BranchRef branch) {
            return new BranchInput.RolledBack(branch);
        }

        @Override
        public List<BranchRef> listPrepared() {
            return List.of();
        }

        @Override
        public List<BranchRef> listRows() {
            return List.of();
        }

        @Override
        public void removeRows(List<BranchRef> rows) {}
    }

    private record EmptyBranch(Xid xid, BranchId branch) implements OpenBranch {
        @Override
        public Connection handle(HandleUser user) {
            return HANDLE;
        }

        @Override
        public boolean undo(Attempted attempt) {
            return true;
        }

        @Override
        public void refuse(String state) {}

        @Override
        public void cancel() {}

        @Override
        public Optional<String> awaitIdle(Duration atMost) {
            return Optional.empty();
        }

        @Override
        public BranchInput writeEvidence(boolean isAwaited) {
            return new BranchInput.EvidenceWritten(branch);
        }

        @Override
        public BranchInput prepare() {
            return new BranchInput.Prepared(branch);
        }

        @Override
        public void rollBack() {}
    }

    private static Connection handle() {
        InvocationHandler closesOnly = (proxy, method, arguments) -> switch (method.getName()) {
            case "close" -> null;
            case "isClosed" -> false;
            default -> throw new SQLFeatureNotSupportedException("a branch without a database: " + method.getName());
        };
        return (Connection) Proxy.newProxyInstance(
                EmptyResource.class.getClassLoader(), new Class<?>[] {Connection.class}, closesOnly);
    }

    @Override
    public Connection getConnection() throws SQLException {
        throw new SQLException("there is no database outside a transaction");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
