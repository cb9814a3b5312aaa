package dev.assent.sdk;

import dev.assent.sdk.Declarations.Declared;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The annotation door: calls of the interface reach the target inside the transaction that is declared, by the same two
 * methods that the other doors use. What the target throws comes out as it is. Safe for use by several threads if the
 * target is.
 */
final class TransactionalProxy implements InvocationHandler {
    private final Assent assent;
    private final Object target;
    private final Map<Method, Declared> transactional;
    private final Map<Method, Method> accessible;

    private TransactionalProxy(
            Assent assent, Object target, Map<Method, Declared> transactional, Map<Method, Method> accessible) {
        this.assent = assent;
        this.target = target;
        this.transactional = transactional;
        this.accessible = accessible;
    }

    /**
     * Makes one.
     *
     * @throws ConfigurationException with every mistake of the declarations
     */
    static <T> T of(Assent assent, Class<T> type, T target) {
        Map<Method, Declared> transactional = Declarations.read(type, target.getClass());
        TransactionalProxy proxy = new TransactionalProxy(assent, target, transactional, accessible(type, target));
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, proxy));
    }

    /** What a proxy is given are copies of its own, which may not be called where the interface is not public. */
    private static Map<Method, Method> accessible(Class<?> type, Object target) {
        Map<Method, Method> accessible = new HashMap<>();
        try {
            for (Method method : type.getMethods()) {
                method.setAccessible(true);
                accessible.put(method, method);
            }
        } catch (InaccessibleObjectException e) {
            throw ConfigurationException.ofProxy(
                    type,
                    target.getClass(),
                    List.of(type.getName() + " is not open to Assent: make it public, or open its package. "
                            + e.getMessage()));
        }
        return accessible;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(method, arguments);
        }
        Declared declared = transactional.get(method);
        if (declared == null) {
            return call(method, arguments);
        } else if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
            return stage(declared, method, arguments);
        }
        return value(declared, method, arguments);
    }

    @SuppressWarnings("NullAway") // the checker does not see that the type argument of the lambda is nullable
    private @Nullable Object value(Declared declared, Method method, @Nullable Object @Nullable [] arguments)
            throws Exception {
        return assent.<@Nullable Object, Exception>transact(declared.options(), transaction -> {
                    promise(declared, transaction);
                    return call(method, arguments);
                })
                .value();
    }

    @SuppressWarnings("NullAway") // likewise
    private CompletableFuture<@Nullable Object> stage(
            Declared declared, Method method, @Nullable Object @Nullable [] arguments) {
        CompletableFuture<@Nullable Object> seen = new CompletableFuture<>();
        CompletionStage<Receipt<@Nullable Object>> unused = assent.<@Nullable Object>transactAsync(
                        declared.options(), transaction -> {
                            promise(declared, transaction);
                            return asStage(call(method, arguments));
                        })
                .whenComplete((receipt, failure) -> {
                    if (failure == null) {
                        seen.complete(receipt.value());
                    } else {
                        seen.completeExceptionally(failure);
                    }
                });
        return seen;
    }

    /** Before the work, since it counts only if the call ends well. */
    private static void promise(Declared declared, GlobalTransaction transaction) {
        if (declared.isLastCall() && transaction.isPresent()) {
            transaction.lastCall();
        }
    }

    @SuppressWarnings("unchecked") // the method's return type says so, and the value is only passed on
    private static CompletionStage<@Nullable Object> asStage(@Nullable Object returned) {
        return Objects.requireNonNull(
                (CompletionStage<@Nullable Object>) returned, "an asynchronous method must return a stage, not null");
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Exception {
        try {
            return accessible.getOrDefault(method, method).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            if (thrown instanceof Exception exception) {
                throw exception;
            } else if (thrown instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }

    /** Two proxies are equal if their targets are: else a proxy would not even be equal to itself. */
    private @Nullable Object ofObject(Method method, @Nullable Object @Nullable [] arguments) throws Exception {
        if (!method.getName().equals("equals") || arguments == null) {
            return call(method, arguments);
        }
        Object other = arguments[0];
        InvocationHandler handler =
                other != null && Proxy.isProxyClass(other.getClass()) ? Proxy.getInvocationHandler(other) : null;
        return target.equals(handler instanceof TransactionalProxy proxy ? proxy.target : other);
    }
}
