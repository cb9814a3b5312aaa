package dev.assent.sdk.internal.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A statement of a handle: plain, prepared or callable. */
final class StatementHandle implements InvocationHandler {
    private final HandleScope scope;
    private final Connection connection;
    private final Statement physical;
    private final @Nullable Sql prepared;

    private @Nullable Statement proxy;
    private boolean batchIsQuery = true;
    private int queryTimeoutSeconds;

    StatementHandle(HandleScope scope, Connection connection, Statement physical, @Nullable Sql prepared) {
        this.scope = scope;
        this.connection = connection;
        this.physical = physical;
        this.prepared = prepared;
    }

    Statement proxy(Class<? extends Statement> type) {
        Statement made = Proxies.of(type, this);
        proxy = made;
        return made;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "equals" -> self == Proxies.firstOf(arguments);
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "statement of branch " + scope.branch().ref();
            case "unwrap" -> Proxies.unwrap(self, (Class<?>) Proxies.firstOf(arguments));
            case "isWrapperFor" -> ((Class<?>) Proxies.firstOf(arguments)).isInstance(self);
            case "getConnection" -> connection;
            case "close" -> ConnectionHandle.nothing(() -> scope.branch().ifUsable(this::close));
            case "isClosed" -> scope.isClosed() || scope.branch().isClosed() || physical.isClosed();
            // Without the lock, which the running statement holds.
            case "cancel" -> ConnectionHandle.nothing(() -> scope.branch().cancel(physical));
            default ->
                scope.branch().forApplication(() -> {
                    scope.checkOpen();
                    return open(method, arguments);
                });
        };
    }

    private void close() throws SQLException {
        scope.forget(physical);
        physical.close();
    }

    private @Nullable Object open(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        return switch (method.getName()) {
            case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate" -> execute(method, arguments);
            case "executeBatch", "executeLargeBatch" -> executeBatch(method);
            case "addBatch" -> addBatch(method, arguments);
            case "clearBatch" -> {
                batchIsQuery = true;
                yield call(method, arguments);
            }
            case "getQueryTimeout" -> queryTimeoutSeconds;
            case "setQueryTimeout" -> setQueryTimeout((Integer) Proxies.firstOf(arguments));
            default -> call(method, arguments);
        };
    }

    private @Nullable Object execute(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        Sql sql = arguments != null && arguments.length > 0
                ? ConnectionHandle.checked(scope, (String) Proxies.firstOf(arguments))
                : preparedSql();
        return scope.execute(physical, sql, queryTimeoutSeconds, () -> call(method, arguments));
    }

    private @Nullable Object executeBatch(Method method) throws SQLException {
        Sql sql = new Sql(prepared != null ? prepared.text() : "(batch)", batchIsQuery);
        batchIsQuery = true;
        return scope.execute(physical, sql, queryTimeoutSeconds, () -> call(method, null));
    }

    private @Nullable Object addBatch(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        Sql sql = arguments != null && arguments.length > 0
                ? ConnectionHandle.checked(scope, (String) Proxies.firstOf(arguments))
                : preparedSql();
        batchIsQuery &= sql.isQuery();
        return call(method, arguments);
    }

    private Sql preparedSql() throws SQLException {
        if (prepared == null) {
            throw new SQLException("The statement has no SQL text");
        }
        return prepared;
    }

    /** Only remembered: what the driver gets is the shorter of this and the transaction's time. */
    private @Nullable Object setQueryTimeout(int seconds) throws SQLException {
        if (seconds < 0) {
            throw new SQLException("A query timeout must not be negative: " + seconds);
        }
        queryTimeoutSeconds = seconds;
        return null;
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        Object result = Proxies.call(physical, method, arguments);
        return result instanceof ResultSet rows
                ? Proxies.of(ResultSet.class, new GuardedObject(scope, rows, proxy))
                : result;
    }
}
