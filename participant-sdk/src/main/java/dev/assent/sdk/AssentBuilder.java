package dev.assent.sdk;

import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.fault.PlannedFaults;
import dev.assent.sdk.internal.propagation.UncarriedCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Sets up an {@link Assent}. Nothing is checked before {@link #start()}, which says everything that is wrong at once. */
public final class AssentBuilder {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
    private static final String FAULT_PROPERTY = "assent.fault";

    private final String service;
    private String coordinators = "";
    private final List<Named> resources = new ArrayList<>();
    private String instanceName = "";
    private boolean development;
    private Optional<Boolean> watchChannels = Optional.empty();
    private Optional<FaultSeam> faults = Optional.empty();
    private Connector connector = Connector::streams;
    private Optional<Executor> callbacks = Optional.empty();
    private Duration beginPatience = Duration.ofSeconds(5);
    private Duration outcomePatience = Duration.ofSeconds(30);
    private Duration closePatience = Duration.ofSeconds(10);

    /** A resource as it was named, unchecked. */
    record Named(String name, DataSource pool) {}

    /** What was set up, checked as far as it can be without touching anything. */
    record Setup(
            String service,
            List<String> coordinators,
            List<Named> resources,
            String instanceName,
            boolean development,
            FaultSeam faults,
            Optional<Executor> callbacks,
            Transactions.Patience patience,
            Duration closePatience) {}

    AssentBuilder(String service) {
        this.service = service;
    }

    /**
     * The nodes of the cluster; required.
     *
     * @param addresses {@code host:port,host:port,…}
     */
    public AssentBuilder coordinators(String addresses) {
        this.coordinators = addresses;
        return this;
    }

    /**
     * Serves a resource; may be called for several.
     *
     * @param name shared by all instances that serve the same database: at most 20 characters of a-z, 0-9 and dashes between
     *     them
     * @param pool any pool; stays the caller's, who closes it after this process's {@link Assent}
     */
    public AssentBuilder resource(String name, DataSource pool) {
        resources.add(new Named(name, pool));
        return this;
    }

    /**
     * A name of this instance that stays the same over restarts, at most 64 characters: a new life of it tells the
     * coordinator at once that the old one is dead. By default an instance has none.
     */
    public AssentBuilder instanceName(String name) {
        this.instanceName = name;
        return this;
    }

    /**
     * Permits what production refuses: databases that lose everything with the process, and fault injection. By default
     * false.
     */
    public AssentBuilder development(boolean permitted) {
        this.development = permitted;
        return this;
    }

    /**
     * Warns in the log, once per place, when a call leaves a transaction by a channel without {@link
     * Assent#clientInterceptor()}: what such a call does is no part of the transaction. By default on in development only,
     * since it takes the one place that gRPC has in a process for configuring channels, which observability libraries may
     * want for themselves; start those first, or turn this off. Channels built before this process's first {@link Assent}
     * are not seen.
     */
    public AssentBuilder watchChannels(boolean watched) {
        this.watchChannels = Optional.of(watched);
        return this;
    }

    /** How long beginning a transaction waits for a coordinator; by default 5 s, at least 1 ms. */
    public AssentBuilder beginPatience(Duration patience) {
        this.beginPatience = patience;
        return this;
    }

    /**
     * How long a commit, or a question about an outcome, waits for its answer before it ends with {@link
     * OutcomeUnknownException}; by default 30 s, at least 1 ms.
     */
    public AssentBuilder outcomePatience(Duration patience) {
        this.outcomePatience = patience;
        return this;
    }

    /** How long closing waits for branches in doubt; by default 10 s, at least 0. */
    public AssentBuilder closePatience(Duration patience) {
        this.closePatience = patience;
        return this;
    }

    /**
     * Runs the application's code that nobody's thread waits for: what follows a stage of {@link Assent#transactAsync} or
     * {@link GlobalTransaction#commitAsync}, and {@link GlobalTransaction#afterCommit}. By default 32 threads of the SDK's,
     * which do nothing else, so that slow callbacks hold up other callbacks and no transaction.
     *
     * @param executor stays the caller's, who ends it after this process's {@link Assent}
     */
    public AssentBuilder callbackExecutor(Executor executor) {
        this.callbacks = Optional.of(executor);
        return this;
    }

    /** Breaks this process at chosen steps; for tests of Assent itself, and only in development. */
    public AssentBuilder faults(FaultSeam seam) {
        this.faults = Optional.of(seam);
        return this;
    }

    AssentBuilder connector(Connector other) {
        this.connector = other;
        return this;
    }

    /**
     * Checks everything, connects, and begins to recover what an earlier life left behind. Does not wait for a coordinator,
     * so that services may start in any order.
     *
     * @throws ConfigurationException with everything that is wrong, names, addresses and databases, each with what to do
     */
    public Assent start() {
        List<String> problems = new ArrayList<>();
        Setup setup = check(problems);
        if (watchChannels.orElse(development)) {
            UncarriedCalls.watch();
        }
        return new Assent(Wiring.start(setup, connector, problems));
    }

    private Setup check(List<String> problems) {
        if (!NAME.matcher(service).matches()) {
            problems.add("The service's name must have 1 to 40 characters of a-z, 0-9 and dashes between them, not '"
                    + service + "'.");
        }
        atLeast("beginPatience", beginPatience, 1, problems);
        atLeast("outcomePatience", outcomePatience, 1, problems);
        atLeast("closePatience", closePatience, 0, problems);
        List<String> addresses = coordinators.isBlank()
                ? List.of()
                : Pattern.compile(",")
                        .splitAsStream(coordinators)
                        .map(String::strip)
                        .toList();
        if (addresses.isEmpty()) {
            problems.add("No coordinator is given: set coordinators(\"host:port,host:port,…\").");
        }
        return new Setup(
                service,
                addresses,
                List.copyOf(resources),
                instanceName,
                development,
                seam(problems),
                callbacks,
                new Transactions.Patience(beginPatience, outcomePatience),
                closePatience);
    }

    private FaultSeam seam(List<String> problems) {
        String planned = System.getProperty(FAULT_PROPERTY, "");
        if (!development) {
            if (faults.isPresent()) {
                problems.add("Faults can be injected in development only: set development(true), or do without.");
            }
            // The property alone is not refused: it must not keep a production process from starting, nor break it.
            return FaultSeam.NONE;
        }
        if (faults.isPresent() || planned.isEmpty()) {
            return faults.orElse(FaultSeam.NONE);
        }
        try {
            return PlannedFaults.parse(planned);
        } catch (IllegalArgumentException e) {
            problems.add("System property " + FAULT_PROPERTY + ": " + e.getMessage() + ".");
            return FaultSeam.NONE;
        }
    }

    private static void atLeast(String what, Duration given, long millis, List<String> problems) {
        if (given.toMillis() < millis || given.compareTo(Duration.ofDays(1)) > 0) {
            problems.add(what + " must be from " + millis + " ms to one day, not " + given + ".");
        }
    }
}
