package dev.assent.sdk.internal.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the proxies before JDBC objects have in common. */
final class Proxies {
    private Proxies() {}

    static <T> T of(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Calls the driver and lets its exception through as it is. */
    @Nullable
    static Object call(Object target, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause instanceof SQLException sql) {
                throw sql;
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new SQLException("The driver failed in " + method.getName(), cause);
        } catch (IllegalAccessException e) {
            throw new SQLException("The driver does not let " + method.getName() + " be called", e);
        }
    }

    static Object firstOf(@Nullable Object @Nullable [] arguments) {
        if (arguments == null || arguments.length == 0 || arguments[0] == null) {
            throw new IllegalArgumentException("an argument is missing");
        }
        return arguments[0];
    }

    /**
     * Gives the proxy itself or nothing: the physical object would let a commit, or a call after the vote, reach the
     * database.
     */
    static <T> T unwrap(Object proxy, Class<T> type) throws SQLException {
        if (type.isInstance(proxy)) {
            return type.cast(proxy);
        }
        throw new SQLException("Inside a global transaction the driver's " + type.getName()
                + " is not given out: what is done on it would pass by the transaction");
    }
}
