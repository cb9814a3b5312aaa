package dev.assent.sdk;

import dev.assent.sdk.annotation.GlobalTransactional;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is declared at an interface and at the class that implements it, checked as a whole. */
final class Declarations {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}) ?(ms|s|min|m)");
    private static final Map<String, Long> UNIT_MILLIS = Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "m", 60_000L);

    private final Class<?> type;
    private final Class<?> target;
    private final Map<Method, Declared> transactional = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * How a method runs.
     *
     * @param isLastCall whether its end promises that the transaction uses its resources no more
     */
    record Declared(TransactionOptions options, boolean isLastCall) {}

    private Declarations(Class<?> type, Class<?> target) {
        this.type = type;
        this.target = target;
    }

    /**
     * The methods of the interface that run in a transaction, and how.
     *
     * @throws ConfigurationException with every mistake
     */
    static Map<Method, Declared> read(Class<?> type, Class<?> target) {
        Declarations declarations = new Declarations(type, target);
        declarations.read();
        if (!declarations.problems.isEmpty()) {
            throw ConfigurationException.ofProxy(type, target, declarations.problems);
        }
        return Map.copyOf(declarations.transactional);
    }

    private void read() {
        if (type.isInterface()) {
            for (Method method : type.getMethods()) {
                if (!Modifier.isStatic(method.getModifiers())) {
                    declared(method).ifPresent(annotation -> take(method, annotation));
                }
            }
        } else {
            problems.add(type.getName() + " is a class: only calls through an interface can be intercepted. Declare its"
                    + " methods in an interface, and make a proxy of that.");
        }
        everyClass().forEach(this::complainOfWhatIsNotCalled);
        if (transactional.isEmpty() && problems.isEmpty()) {
            problems.add("No method is annotated with @GlobalTransactional, so that a proxy would do nothing. Annotate"
                    + " those that are to run in a transaction, in " + type.getSimpleName() + " or in "
                    + target.getSimpleName() + ".");
        }
    }

    // ---- one method ----

    private Optional<GlobalTransactional> declared(Method method) {
        Optional<GlobalTransactional> above = Optional.ofNullable(method.getAnnotation(GlobalTransactional.class));
        Optional<GlobalTransactional> below =
                implementing(method).map(it -> it.getAnnotation(GlobalTransactional.class));
        if (above.isPresent() && below.isPresent() && !above.equals(below)) {
            problems.add(name(method) + " is annotated in "
                    + method.getDeclaringClass().getSimpleName() + " and in " + target.getSimpleName()
                    + ", and the two differ. Keep one of them.");
        }
        return below.or(() -> above);
    }

    private Optional<Method> implementing(Method method) {
        try {
            return Optional.of(target.getMethod(method.getName(), method.getParameterTypes()));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    private void take(Method method, GlobalTransactional annotation) {
        Class<?> returned = method.getReturnType();
        boolean isStage = returned.equals(CompletionStage.class) || returned.equals(CompletableFuture.class);
        if (!isStage && (Future.class.isAssignableFrom(returned) || Flow.Publisher.class.isAssignableFrom(returned))) {
            problems.add(name(method) + " returns a " + returned.getSimpleName() + ", whose work would go on after the"
                    + " commit. Return its result, a CompletionStage or a CompletableFuture.");
        }
        options(method, annotation)
                .ifPresent(options -> transactional.put(method, new Declared(options, annotation.lastCall())));
    }

    private Optional<TransactionOptions> options(Method method, GlobalTransactional annotation) {
        Matcher duration = DURATION.matcher(annotation.timeout().strip());
        String why = "";
        if (duration.matches()) {
            long unitMillis = UNIT_MILLIS.getOrDefault(duration.group(2), 1L);
            Duration timeout = Duration.ofMillis(Long.parseLong(duration.group(1)) * unitMillis);
            try {
                return Optional.of(new TransactionOptions(timeout, annotation.answer(), annotation.propagation()));
            } catch (IllegalArgumentException e) {
                why = " (" + e.getMessage() + ")";
            }
        }
        problems.add(name(method) + " has timeout = \"" + annotation.timeout() + "\"" + why
                + ". Write a whole number and a" + " unit (ms, s, min), from 10ms to 10min, as in \"10s\".");
        return Optional.empty();
    }

    // ---- methods that no call through the proxy reaches ----

    private Set<Class<?>> everyClass() {
        Set<Class<?>> found = new LinkedHashSet<>();
        addInterfaces(type, found);
        for (Class<?> each = target; each != null && each != Object.class; each = each.getSuperclass()) {
            found.add(each);
        }
        return found;
    }

    private static void addInterfaces(Class<?> each, Set<Class<?>> found) {
        if (found.add(each)) {
            for (Class<?> above : each.getInterfaces()) {
                addInterfaces(above, found);
            }
        }
    }

    private void complainOfWhatIsNotCalled(Class<?> declaring) {
        Arrays.stream(declaring.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(GlobalTransactional.class) && !method.isBridge())
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .forEach(method -> whyNotCalled(method).ifPresent(why -> problems.add(name(method) + " " + why)));
    }

    private Optional<String> whyNotCalled(Method method) {
        int modifiers = method.getModifiers();
        if (Modifier.isStatic(modifiers) || Modifier.isPrivate(modifiers)) {
            return Optional.of("is " + (Modifier.isStatic(modifiers) ? "static" : "private")
                    + ": no call through a proxy reaches it. Annotate the method of the interface that leads to it.");
        }
        if (!type.isInterface() || Arrays.stream(type.getMethods()).anyMatch(method(method))) {
            return Optional.empty();
        }
        return Optional.of("is no method of " + type.getSimpleName() + ": no call through the proxy reaches it. Declare"
                + " it there, or take the annotation away.");
    }

    /** By name and parameters; those of a generic interface may be wider than those of the class. */
    private static Predicate<Method> method(Method implementing) {
        return declared -> {
            Class<?>[] wide = declared.getParameterTypes();
            Class<?>[] narrow = implementing.getParameterTypes();
            if (!declared.getName().equals(implementing.getName()) || wide.length != narrow.length) {
                return false;
            }
            for (int i = 0; i < wide.length; i++) {
                if (!wide[i].isAssignableFrom(narrow[i])) {
                    return false;
                }
            }
            return true;
        };
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName() + "(…)";
    }
}
