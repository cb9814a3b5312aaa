package dev.assent.sdk.internal.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.internal.jdbc.Attempted;
import dev.assent.sdk.internal.jdbc.BranchHooks;
import dev.assent.sdk.internal.jdbc.Finish;
import dev.assent.sdk.internal.jdbc.JdbcBranch;
import dev.assent.sdk.internal.jdbc.JdbcResource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A JDBC resource, its results and exceptions put as inputs of the core. Safe for use by several threads. */
public final class JdbcBranchDatabase implements BranchDatabase {
    private static final Logger log = LoggerFactory.getLogger(JdbcBranchDatabase.class);
    private static final int ROWS_LISTED = 256;

    private final JdbcResource resource;
    private final Map<BranchRef, JdbcBranch> owners = new ConcurrentHashMap<>();

    public JdbcBranchDatabase(JdbcResource resource) {
        this.resource = resource;
    }

    @Override
    public ResourceName resource() {
        return resource.name();
    }

    @Override
    public OpenBranch open(Xid xid, BranchId branch, Duration left, BranchEvents events) throws SQLException {
        JdbcBranch opened = resource.open(xid, branch, System.nanoTime() + left.toNanos());
        owners.put(opened.ref(), opened);
        return new Opened(opened, events);
    }

    @Override
    public BranchInput commitPrepared(BranchRef branch) {
        return finish(branch, () -> resource.commitPrepared(branch, owners.get(branch)));
    }

    @Override
    public BranchInput rollBackPrepared(BranchRef branch) {
        return finish(branch, () -> resource.rollBackPrepared(branch, owners.get(branch)));
    }

    @Override
    public List<BranchRef> listPrepared() throws SQLException {
        return resource.listPrepared();
    }

    @Override
    public List<BranchRef> listRows() throws SQLException {
        return resource.listRows(ROWS_LISTED);
    }

    @Override
    public void removeRows(List<BranchRef> rows) throws SQLException {
        resource.removeRows(rows);
    }

    private interface Finishing {
        Finish run() throws SQLException;
    }

    private BranchInput finish(BranchRef branch, Finishing step) {
        Finish finish;
        try {
            finish = step.run();
        } catch (SQLException e) {
            log.warn("Branch {} cannot be finished now: {}", branch, e.getMessage());
            return new BranchInput.Busy(branch, text(e));
        }
        owners.remove(branch);
        return switch (finish) {
            case COMMITTED -> new BranchInput.Committed(branch);
            case NOTHING_FOUND -> new BranchInput.NothingFound(branch);
            case ROLLED_BACK -> new BranchInput.RolledBack(branch);
            case FOUND_COMMITTED -> new BranchInput.FoundCommitted(branch);
        };
    }

    /** Not empty: a driver may throw without a message. */
    private static String text(SQLException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private final class Opened implements OpenBranch {
        private final JdbcBranch branch;
        private final BranchEvents events;

        Opened(JdbcBranch branch, BranchEvents events) {
            this.branch = branch;
            this.events = events;
        }

        private BranchId id() {
            return branch.ref().branch();
        }

        @Override
        public Connection handle(HandleUser user) {
            return branch.handle(new HandleHooks(events, user));
        }

        @Override
        public boolean undo(Attempted attempt) throws SQLException {
            return branch.undo(attempt);
        }

        @Override
        public void refuse(String state) {
            branch.close(state);
        }

        @Override
        public void cancel() {
            try {
                branch.cancelRunning();
            } catch (SQLException e) {
                log.debug("The statement of branch {} could not be cancelled: {}", branch.ref(), e.getMessage());
            }
        }

        @Override
        public Optional<String> awaitIdle(Duration atMost) throws InterruptedException {
            return branch.awaitIdle(atMost)
                    ? Optional.empty()
                    : Optional.of(branch.runningStatement().orElse("a call of the driver"));
        }

        @Override
        public BranchInput writeEvidence(boolean isAwaited) {
            try {
                return resource.writeEvidence(branch, isAwaited)
                        ? new BranchInput.EvidenceWritten(id())
                        : new BranchInput.NothingWritten(id());
            } catch (SQLException e) {
                return new BranchInput.PrepareFailed(id(), text(e));
            }
        }

        @Override
        public BranchInput prepare() {
            try {
                resource.prepare(branch);
                return new BranchInput.Prepared(id());
            } catch (SQLException e) {
                return new BranchInput.PrepareFailed(id(), text(e));
            }
        }

        @Override
        public void rollBack() {
            owners.remove(branch.ref());
            resource.rollBack(branch);
        }
    }

    private record HandleHooks(BranchEvents events, HandleUser user) implements BranchHooks {
        @Override
        public void doomed(String reason) {
            events.doomed(reason);
        }

        @Override
        public void undone(String reason) {
            if (!user.answersForUndone(reason)) {
                events.doomed(reason);
            }
        }

        @Override
        public List<Attempted> attempts() {
            return user.attempts();
        }
    }
}
