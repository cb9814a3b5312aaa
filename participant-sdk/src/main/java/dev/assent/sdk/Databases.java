package dev.assent.sdk;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.ResourceName;
import dev.assent.sdk.internal.branch.BranchDatabase;
import dev.assent.sdk.internal.jdbc.EnlistingDataSource;
import dev.assent.sdk.internal.propagation.ScopedBranches;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The databases that a process serves. */
final class Databases implements AutoCloseable {
    private final Map<ResourceName, DataSource> pools = new LinkedHashMap<>();

    static Databases open(AssentBuilder.Setup setup, List<String> problems) {
        Databases databases = new Databases();
        for (AssentBuilder.Named named : setup.resources()) {
            try {
                ResourceName name = new ResourceName(named.name());
                if (databases.pools.putIfAbsent(name, named.pool()) != null) {
                    problems.add("Resource '" + name + "' is given twice: each needs a name of its own.");
                }
            } catch (IllegalArgumentException e) {
                problems.add("The " + e.getMessage() + ".");
            }
        }
        return databases;
    }

    List<ResourceName> names() {
        return List.copyOf(pools.keySet());
    }

    List<BranchDatabase> of(ClusterId cluster) {
        return new ArrayList<>();
    }

    DataSource dataSource(String resource, ScopedBranches branches) {
        for (Map.Entry<ResourceName, DataSource> served : pools.entrySet()) {
            if (served.getKey().value().equals(resource)) {
                return new EnlistingDataSource(served.getKey(), served.getValue(), branches::connection);
            }
        }
        throw new IllegalArgumentException("no resource '" + resource + "'; this process serves " + pools.keySet());
    }

    @Override
    public void close() {}
}
