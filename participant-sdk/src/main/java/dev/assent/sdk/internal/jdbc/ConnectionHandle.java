package dev.assent.sdk.internal.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the application has it inside a global transaction. What it says about the end of transactions is
 * meant for its unit of work; nothing of it reaches the database's own commit.
 */
final class ConnectionHandle implements InvocationHandler {
    private final HandleScope scope;
    private final Connection proxy;

    ConnectionHandle(HandleScope scope) {
        this.scope = scope;
        this.proxy = Proxies.of(Connection.class, this);
    }

    Connection proxy() {
        return proxy;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "equals" -> self == Proxies.firstOf(arguments);
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "connection of branch " + scope.branch().ref();
            case "unwrap" -> Proxies.unwrap(self, (Class<?>) Proxies.firstOf(arguments));
            case "isWrapperFor" -> ((Class<?>) Proxies.firstOf(arguments)).isInstance(self);
            case "isClosed" -> scope.isClosed() || scope.branch().isClosed();
            case "close" -> nothing(this::close);
            case "abort" -> nothing(scope::abort);
            case "isValid" -> isValid(method, arguments);
            default -> guarded(() -> open(method, arguments));
        };
    }

    private @Nullable Object guarded(JdbcBranch.Call call) throws SQLException {
        return scope.branch().forApplication(() -> {
            scope.checkOpen();
            return call.run();
        });
    }

    private void close() throws SQLException {
        scope.branch().ifUsable(scope::close);
    }

    private boolean isValid(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        if (scope.isClosed() || scope.branch().isClosed()) {
            return false;
        }
        return Boolean.TRUE.equals(guarded(() -> Proxies.call(scope.branch().physical(), method, arguments)));
    }

    private @Nullable Object open(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return switch (method.getName()) {
            case "createStatement" -> statement(Statement.class, method, arguments);
            case "prepareStatement" -> statement(PreparedStatement.class, method, arguments);
            case "prepareCall" -> statement(CallableStatement.class, method, arguments);
            case "getMetaData" -> metaData();
            case "setNetworkTimeout" -> {
                scope.branch().settings().beforeNetworkTimeout();
                yield Proxies.call(scope.branch().physical(), method, arguments);
            }
            case "setHoldability" -> {
                scope.branch().settings().beforeHoldability();
                yield Proxies.call(scope.branch().physical(), method, arguments);
            }
            default -> transaction(method, arguments);
        };
    }

    private @Nullable Object transaction(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return switch (method.getName()) {
            case "getAutoCommit" -> scope.autoCommit();
            case "setAutoCommit" -> nothing(() -> scope.setAutoCommit((Boolean) Proxies.firstOf(arguments)));
            // In autocommit mode every statement stands already; drivers differ in whether they complain.
            case "commit" -> nothing(scope::commit);
            case "rollback" ->
                arguments == null || arguments.length == 0
                        ? nothing(scope::rollBack)
                        : nothing(() -> scope.rollBackTo((Savepoint) Proxies.firstOf(arguments)));
            case "setSavepoint" ->
                scope.setSavepoint(
                        arguments == null || arguments.length == 0 ? null : (String) Proxies.firstOf(arguments));
            case "releaseSavepoint" -> nothing(() -> scope.release((Savepoint) Proxies.firstOf(arguments)));
            case "getTransactionIsolation" -> scope.isolation();
            case "setTransactionIsolation" -> nothing(() -> scope.setIsolation((Integer) Proxies.firstOf(arguments)));
            case "isReadOnly" -> scope.readOnly();
            // Not sent on: other connections of the transaction share the session, and its evidence must be written.
            case "setReadOnly" -> nothing(() -> scope.setReadOnly((Boolean) Proxies.firstOf(arguments)));
            default -> Proxies.call(scope.branch().physical(), method, arguments);
        };
    }

    private Object statement(Class<? extends Statement> type, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        Sql sql = arguments != null && arguments.length > 0 && arguments[0] instanceof String text
                ? checked(scope, text)
                : null;
        Object physical = Proxies.call(scope.branch().physical(), method, arguments);
        if (physical == null) {
            throw new SQLException("The driver gave no statement");
        }
        scope.opened((Statement) physical);
        return new StatementHandle(scope, proxy, (Statement) physical, sql).proxy(type);
    }

    private DatabaseMetaData metaData() throws SQLException {
        DatabaseMetaData physical = scope.branch().physical().getMetaData();
        return Proxies.of(DatabaseMetaData.class, new GuardedObject(scope, physical, proxy));
    }

    /** The text, if the dialect lets it pass. */
    static Sql checked(HandleScope scope, String text) throws SQLException {
        Optional<String> refusal = scope.branch().dialect().refusal(text);
        if (refusal.isPresent()) {
            throw new SQLFeatureNotSupportedException(refusal.get() + " (global transaction "
                    + scope.branch().ref().xid() + ")");
        }
        return Sql.of(text);
    }

    /** A call that returns nothing, as a proxy must say it. */
    static @Nullable Object nothing(JdbcBranch.Action action) throws SQLException {
        action.run();
        return null;
    }
}
