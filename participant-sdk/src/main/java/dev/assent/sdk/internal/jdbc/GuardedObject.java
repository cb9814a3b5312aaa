package dev.assent.sdk.internal.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A result set or the metadata of a handle: usable as long as the handle is, and leading back to nothing but handles. */
final class GuardedObject implements InvocationHandler {
    private static final Set<String> CHANGES = Set.of("updateRow", "insertRow", "deleteRow");

    private final HandleScope scope;
    private final Object physical;
    private final @Nullable Object parent;

    /**
     * @param parent what {@code getStatement} or {@code getConnection} gives
     */
    GuardedObject(HandleScope scope, Object physical, @Nullable Object parent) {
        this.scope = scope;
        this.physical = physical;
        this.parent = parent;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "equals" -> self == Proxies.firstOf(arguments);
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "data of branch " + scope.branch().ref();
            case "unwrap" -> Proxies.unwrap(self, (Class<?>) Proxies.firstOf(arguments));
            case "isWrapperFor" -> ((Class<?>) Proxies.firstOf(arguments)).isInstance(self);
            case "getStatement", "getConnection" -> parent;
            case "close" -> {
                scope.branch().ifUsable(((ResultSet) physical)::close);
                yield null;
            }
            case "isClosed" -> scope.isClosed() || scope.branch().isClosed() || ((ResultSet) physical).isClosed();
            default ->
                scope.branch().forApplication(() -> {
                    scope.checkOpen();
                    return open(method, arguments);
                });
        };
    }

    private @Nullable Object open(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        if (CHANGES.contains(method.getName()) && physical instanceof ResultSet rows) {
            Statement statement = rows.getStatement();
            return scope.execute(statement, Sql.RESULT_SET_UPDATE, 0, () -> Proxies.call(physical, method, arguments));
        }
        Object result = Proxies.call(physical, method, arguments);
        return result instanceof ResultSet rows
                ? Proxies.of(ResultSet.class, new GuardedObject(scope, rows, null))
                : result;
    }
}
