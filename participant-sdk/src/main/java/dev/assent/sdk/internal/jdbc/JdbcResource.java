package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.Dialect;
import dev.assent.sdk.spi.StartupProblem;
import dev.assent.sdk.spi.StartupScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database as a resource of global transactions: each method is one step in the life of a branch, done at once and
 * blocking, in an order that somebody else decides. Thread-safe.
 *
 * <p>A branch works on a connection of the application's pool. While it is prepared, that connection is kept here, out of
 * the pool's sight, if the dialect asks for it. Phase two of other branches, recovery and the removal of evidence use the
 * SDK's own connections and never wait for the pool.
 */
public final class JdbcResource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcResource.class);

    private final ResourceName resource;
    private final DataSource dataSource;
    private final PoolConnections pool;
    private final Supplier<ClusterId> cluster;
    private final Dialect dialect;
    private final JdbcSettings settings;
    private final OwnConnections own;
    private final OrphanResolution orphans;
    private final Owners owners;
    private final Leftovers leftovers;

    /**
     * @param dataSource the application's pool
     * @param cluster the cluster that the process is connected to; asked only after it is
     */
    public JdbcResource(
            ResourceName resource,
            DataSource dataSource,
            Supplier<ClusterId> cluster,
            Dialect dialect,
            JdbcSettings settings) {
        this.resource = resource;
        this.dataSource = dataSource;
        this.pool = new PoolConnections(dataSource);
        this.cluster = cluster;
        this.dialect = dialect;
        this.settings = settings;
        this.own = OwnConnections.beside(dataSource, resource.value());
        this.orphans = new OrphanResolution(dialect);
        this.owners = new Owners(dialect, pool);
        this.leftovers = new Leftovers(resource, cluster, dialect, own);
    }

    /** The resource's name. */
    public ResourceName name() {
        return resource;
    }

    /**
     * Checks the database and creates Assent's tables if they are missing and may be created. Must be called, and its
     * problems be heeded, before anything else.
     *
     * @return all problems at once; empty if branches are safe here
     */
    public List<StartupProblem> check() {
        StartupScope scope = new StartupScope(resource, settings.development());
        return new StartupChecks(scope, dialect, settings.createTables()).run(dataSource, own);
    }

    // ---- branches at work ----

    /**
     * Takes a connection from the pool and begins a local transaction on it.
     *
     * @param deadlineNanos when the global transaction's time is over, on the clock of {@link System#nanoTime}; statements
     *     and lock waits end by then
     * @throws SQLException if there is no connection to be had, or it is broken; or the transaction is of another cluster
     */
    public JdbcBranch open(Xid xid, BranchId branch, long deadlineNanos) throws SQLException {
        if (!xid.cluster().equals(cluster.get())) {
            // On the way to the coordinator the stream stands for the cluster: the branch would enlist in whichever
            // transaction of this cluster has the same number.
            throw new SQLException("Transaction " + xid + " is of another cluster, or another life of it, than "
                    + cluster.get() + ", which this process is connected to: caller and called must use the same"
                    + " coordinators");
        }
        BranchRef ref = new BranchRef(xid, branch);
        Connection physical = pool.take();
        try {
            return new JdbcBranch(ref, dialect, OpenedConnection.begin(physical, dialect, ref, deadlineNanos));
        } catch (SQLException | RuntimeException e) {
            pool.evict(physical);
            throw e;
        }
    }

    /**
     * Writes the evidence row into the branch's own transaction.
     *
     * @return false if the branch wrote nothing, so that there is nothing to prepare
     * @throws SQLException if the row cannot be written, or a connection still holds changes without commit
     */
    public boolean writeEvidence(JdbcBranch branch) throws SQLException {
        return writeEvidence(branch, false);
    }

    /**
     * The same, and even if the branch wrote nothing where its commit is awaited: only what has something to commit is told
     * of the commit.
     */
    public boolean writeEvidence(JdbcBranch branch, boolean isAwaited) throws SQLException {
        return branch.forProtocol(() -> {
            checkNotOver(branch);
            if (branch.units().hasUnfinishedChanges()) {
                throw new SQLException("A connection of branch " + branch.ref()
                        + " holds changes that were neither committed nor rolled back when the transaction ended");
            }
            if (!isAwaited && !dialect.wroteAnything(branch.physical())) {
                return false;
            }
            branch.settings().resetNames();
            EvidenceTable.insert(branch.physical(), dialect.evidence(), branch.ref());
            return true;
        });
    }

    /** Prepares the branch durably. */
    public void prepare(JdbcBranch branch) throws SQLException {
        boolean unused = branch.forProtocol(() -> {
            checkNotOver(branch);
            dialect.prepare(branch.physical(), branch.name());
            if (dialect.holdsOwner()) {
                owners.hold(branch);
            } else {
                owners.giveBack(branch);
            }
            return true;
        });
    }

    /**
     * Rolls back a branch that is not prepared and gives its connection back. A statement that runs is cancelled; if it does
     * not end in time the connection is thrown away, and the database rolls back when it ends. Never fails: a connection
     * that is lost is rolled back by the database as well.
     */
    public void rollBack(JdbcBranch branch) {
        branch.close("rolled back");
        try {
            branch.cancelRunning();
        } catch (SQLException e) {
            LOG.debug("Branch {}: its statement could not be cancelled: {}", branch.ref(), e.getMessage());
        }
        try {
            boolean isDone = branch.forProtocol(settings.rollBackWait(), () -> rollBackIdle(branch));
            if (!isDone) {
                LOG.warn(
                        "Branch {}: statement still runs after it was cancelled, its connection is given up: {}",
                        branch.ref(),
                        branch.runningStatement().orElse("(none)"));
                pool.evict(branch.physical());
            }
        } catch (SQLException e) {
            LOG.info("Branch {}: its connection was lost: {}", branch.ref(), e.getMessage());
        }
    }

    private void rollBackIdle(JdbcBranch branch) throws SQLException {
        if (branch.isOver()) {
            return;
        }
        try {
            dialect.rollBack(branch.physical(), branch.name());
        } catch (SQLException e) {
            branch.over();
            pool.evict(branch.physical());
            throw e;
        } finally {
            owners.release(branch);
        }
        owners.giveBack(branch);
    }

    private static void checkNotOver(JdbcBranch branch) throws SQLException {
        if (branch.isOver()) {
            throw new SQLException("Branch " + branch.ref() + " has ended");
        }
    }

    // ---- prepared branches ----

    /**
     * Commits a prepared branch: on its own connection if this process holds it, otherwise on one of the SDK's.
     *
     * @return {@link Finish#COMMITTED} or {@link Finish#NOTHING_FOUND}
     * @throws SQLException if it cannot be done now and has to be tried again
     */
    public Finish commitPrepared(BranchRef branch, @Nullable JdbcBranch owner) throws SQLException {
        if (owner != null && owners.finishOn(owner, dialect::commitPrepared)) {
            return Finish.COMMITTED;
        }
        return own.with(connection -> orphans.commit(connection, branch));
    }

    /**
     * Rolls back a prepared branch, likewise.
     *
     * @return {@link Finish#ROLLED_BACK} or {@link Finish#FOUND_COMMITTED}
     * @throws SQLException if it cannot be done now and has to be tried again
     */
    public Finish rollBackPrepared(BranchRef branch, @Nullable JdbcBranch owner) throws SQLException {
        if (owner != null && owners.finishOn(owner, dialect::rollBackPrepared)) {
            return Finish.ROLLED_BACK;
        }
        return own.with(connection -> orphans.rollBack(connection, branch));
    }

    // ---- recovery ----

    /** What the database holds prepared under this life of the cluster and this resource. */
    public List<BranchRef> listPrepared() throws SQLException {
        return leftovers.listPrepared();
    }

    /** The oldest evidence rows of this life of the cluster and this resource. */
    public List<BranchRef> listRows(int limit) throws SQLException {
        return leftovers.listRows(limit);
    }

    /** Removes evidence rows; those that are gone already do not matter. */
    public void removeRows(List<BranchRef> rows) throws SQLException {
        leftovers.removeRows(rows);
    }

    /**
     * Lets go of everything. Prepared branches stay in doubt: their connections are closed behind the pool's back, since a
     * pool that gets or closes them would roll them back, and recovery finds the branches later. With H2 such a branch can
     * still be committed, but rolled back only after the database was closed and opened again; so wait for the decisions
     * before, within reason. Must come before the pool is closed.
     */
    @Override
    public void close() {
        owners.abandonAll();
        own.close();
    }
}
