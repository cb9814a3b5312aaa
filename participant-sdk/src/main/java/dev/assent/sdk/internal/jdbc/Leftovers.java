package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.Dialect;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What branches have left behind in a database, whoever ran them: prepared ones, and rows of committed ones. Looked for on
 * the SDK's own connections. Thread-safe.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final ResourceName resource;
    private final Supplier<ClusterId> cluster;
    private final Dialect dialect;
    private final OwnConnections own;
    private volatile List<BranchRef> foreign = List.of();

    Leftovers(ResourceName resource, Supplier<ClusterId> cluster, Dialect dialect, OwnConnections own) {
        this.resource = resource;
        this.cluster = cluster;
        this.dialect = dialect;
        this.own = own;
    }

    /** What the database holds prepared under this life of the cluster and this resource. */
    List<BranchRef> listPrepared() throws SQLException {
        ClusterId mine = cluster.get();
        List<BranchRef> listed = own.with(dialect::listPrepared);
        reportForeign(listed.stream()
                .filter(branch -> isOtherLife(branch.xid().cluster(), mine))
                .toList());
        return listed.stream()
                .filter(branch -> branch.xid().cluster().equals(mine))
                .filter(branch -> branch.branch().resource().equals(resource))
                .toList();
    }

    private static boolean isOtherLife(ClusterId listed, ClusterId mine) {
        return listed.name().equals(mine.name()) && !listed.incarnation().equals(mine.incarnation());
    }

    /** Each branch of another life is said once, not at every listing. */
    private void reportForeign(List<BranchRef> now) {
        List<BranchRef> before = foreign;
        now.stream()
                .filter(branch -> !before.contains(branch))
                .forEach(branch -> LOG.warn(
                        "Resource {} holds branch {} prepared for another life of this cluster; it is left in doubt",
                        resource,
                        branch));
        foreign = now;
    }

    /** The oldest evidence rows of this life of the cluster and this resource. */
    List<BranchRef> listRows(int limit) throws SQLException {
        ClusterId mine = cluster.get();
        return own.with(connection -> {
            List<BranchRef> rows = EvidenceTable.oldest(connection, dialect.evidence(), mine, resource, limit);
            if (!rows.isEmpty()) {
                // What is shown counts as an acknowledgement. Another instance may have committed it a moment ago and
                // not forced it yet: a crash would take back what nobody waits for any more.
                dialect.force(connection);
            }
            return rows;
        });
    }

    /** Removes evidence rows; those that are gone already do not matter. */
    void removeRows(List<BranchRef> rows) throws SQLException {
        own.with(connection -> {
            EvidenceTable.delete(connection, dialect.evidence(), rows);
            return rows;
        });
    }
}
