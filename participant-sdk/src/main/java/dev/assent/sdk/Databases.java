package dev.assent.sdk;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.ResourceName;
import dev.assent.sdk.internal.branch.BranchDatabase;
import dev.assent.sdk.internal.branch.BranchDatabaseSource;
import dev.assent.sdk.internal.branch.JdbcBranchDatabase;
import dev.assent.sdk.internal.jdbc.Dialects;
import dev.assent.sdk.internal.jdbc.EnlistingDataSource;
import dev.assent.sdk.internal.jdbc.JdbcResource;
import dev.assent.sdk.internal.jdbc.JdbcSettings;
import dev.assent.sdk.internal.propagation.ScopedBranches;
import dev.assent.sdk.spi.Dialect;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The databases that a process serves, checked. */
final class Databases implements AutoCloseable {
    /**
     * @param closing frees what was opened to serve it
     */
    private record Served(BranchDatabase branches, DataSource pool, Runnable closing) {}

    private final Map<ResourceName, Served> served = new LinkedHashMap<>();
    private final AtomicReference<@Nullable ClusterId> cluster = new AtomicReference<>();

    /** Opens and checks every one, and adds everything that is wrong to the problems. */
    static Databases open(AssentBuilder.Setup setup, List<String> problems) {
        Databases databases = new Databases();
        for (AssentBuilder.Named named : setup.resources()) {
            try {
                ResourceName name = new ResourceName(named.name());
                if (databases.served.containsKey(name)) {
                    problems.add("Resource '" + name + "' is given twice: each needs a name of its own.");
                } else {
                    databases.add(name, named.pool(), setup.development(), problems);
                }
            } catch (IllegalArgumentException e) {
                problems.add("The " + e.getMessage() + ".");
            }
        }
        return databases;
    }

    private void add(ResourceName name, DataSource pool, boolean development, List<String> problems) {
        if (pool instanceof BranchDatabaseSource source) {
            served.put(name, new Served(source.branches(name), pool, () -> {}));
            return;
        }
        Optional<Dialect> dialect = dialect(name, pool, problems);
        if (dialect.isEmpty()) {
            return;
        }
        JdbcSettings settings = JdbcSettings.PRODUCTION.withDevelopment(development);
        JdbcResource resource = new JdbcResource(name, pool, this::cluster, dialect.get(), settings);
        served.put(name, new Served(new JdbcBranchDatabase(resource), pool, resource::close));
        resource.check().forEach(problem -> problems.add(problem.toString()));
    }

    private static Optional<Dialect> dialect(ResourceName name, DataSource pool, List<String> problems) {
        try {
            return Optional.of(Dialects.forDatabase(pool));
        } catch (SQLException e) {
            problems.add("Resource '" + name + "' gives no connection: " + e.getMessage()
                    + ". Check its URL, user and password, and that the database runs.");
        }
        return Optional.empty();
    }

    private ClusterId cluster() {
        ClusterId known = cluster.get();
        if (known == null) {
            throw new IllegalStateException("the cluster is not known yet");
        }
        return known;
    }

    List<ResourceName> names() {
        return List.copyOf(served.keySet());
    }

    /** The databases as the branches of this cluster see them. */
    List<BranchDatabase> of(ClusterId known) {
        cluster.set(known);
        return served.values().stream().map(Served::branches).toList();
    }

    DataSource dataSource(String resource, ScopedBranches branches) {
        for (Map.Entry<ResourceName, Served> each : served.entrySet()) {
            if (each.getKey().value().equals(resource)) {
                return new EnlistingDataSource(each.getKey(), each.getValue().pool, branches::connection);
            }
        }
        throw new IllegalArgumentException("no resource '" + resource + "'; this process serves " + served.keySet());
    }

    @Override
    public void close() {
        served.values().forEach(each -> each.closing.run());
    }
}
