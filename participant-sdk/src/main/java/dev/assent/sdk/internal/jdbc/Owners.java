package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.Attempt;
import dev.assent.sdk.spi.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections on which this process's branches work, after their work is done: kept out of the pool's sight while their
 * branch is prepared, given back when it has ended, thrown away when nobody knows. Thread-safe.
 */
final class Owners {
    private static final Logger LOG = LoggerFactory.getLogger(Owners.class);

    private final Dialect dialect;
    private final PoolConnections pool;
    private final Map<BranchRef, JdbcBranch> held = new ConcurrentHashMap<>();

    Owners(Dialect dialect, PoolConnections pool) {
        this.dialect = dialect;
        this.pool = pool;
    }

    /** Its branch is prepared on it, and is finished on it if nothing comes between. */
    void hold(JdbcBranch branch) {
        held.put(branch.ref(), branch);
    }

    void release(JdbcBranch branch) {
        held.remove(branch.ref());
    }

    /** One of the two ends, on the owner. */
    @FunctionalInterface
    interface End {
        Attempt on(Connection owner, String name) throws SQLException;
    }

    /** False if the owner does not tell what became of the branch; it is out of the way then. */
    boolean finishOn(JdbcBranch owner, End end) throws SQLException {
        return owner.forProtocol(() -> {
            if (owner.isOver()) {
                return false;
            }
            Attempt attempt;
            try {
                owner.settings().resetNames();
                attempt = end.on(owner.physical(), owner.name());
            } catch (SQLException e) {
                LOG.warn("Branch {}: not finished on its own connection: {}", owner.ref(), e.getMessage());
                abandon(owner);
                return false;
            }
            held.remove(owner.ref());
            giveBack(owner);
            return attempt == Attempt.DONE;
        });
    }

    /** The connection is clean again: its local transaction has ended. */
    void giveBack(JdbcBranch branch) {
        branch.over();
        Connection physical = branch.physical();
        try {
            branch.limits().reset();
            dialect.reset(physical);
            branch.settings().resetAll();
            physical.close();
        } catch (SQLException e) {
            LOG.info("Branch {}: its connection is thrown away, not given back: {}", branch.ref(), e.getMessage());
            pool.evict(physical);
        }
    }

    /** Gets rid of a connection whose branch may be prepared, so that the branch stays in doubt. */
    private void abandon(JdbcBranch branch) {
        branch.over();
        held.remove(branch.ref());
        try {
            dialect.abandon(branch.physical());
        } catch (SQLException e) {
            LOG.warn("Branch {}: its lost connection could not be closed: {}", branch.ref(), e.getMessage());
        }
        pool.forget(branch.physical());
    }

    /** Leaves every prepared branch in doubt. */
    void abandonAll() {
        for (JdbcBranch branch : List.copyOf(held.values())) {
            LOG.warn("Branch {} is still prepared; it stays in doubt until the resource is served again", branch.ref());
            branch.close("in doubt, the resource was closed");
            try {
                boolean unused = branch.forProtocol(() -> {
                    if (!branch.isOver()) {
                        abandon(branch);
                    }
                    return true;
                });
            } catch (SQLException e) {
                LOG.warn("Branch {}: {}", branch.ref(), e.getMessage());
            }
        }
    }
}
