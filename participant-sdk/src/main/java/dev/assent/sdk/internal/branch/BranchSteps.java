package dev.assent.sdk.internal.branch;

import dev.assent.protocol.ResourceName;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.sdk.internal.fault.FaultSeam;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The steps in the databases, each a blocking call whose result is the input that answers it. An exception is an answer,
 * too: a step without one would leave its branch waiting for ever.
 */
final class BranchSteps {
    private static final Logger log = LoggerFactory.getLogger(BranchSteps.class);

    private final Map<ResourceName, BranchDatabase> databases;
    private final Duration prepareTimeout;
    private final FaultSeam faults;

    BranchSteps(Map<ResourceName, BranchDatabase> databases, Duration prepareTimeout, FaultSeam faults) {
        this.databases = Map.copyOf(databases);
        this.prepareTimeout = prepareTimeout;
        this.faults = faults;
    }

    BranchInput writeEvidence(LocalBranch branch) {
        return preparing(branch, () -> {
            at(FaultPoint.PREPARE_BEFORE_EVIDENCE, branch.ref());
            Optional<String> running = awaitIdle(branch);
            if (running.isPresent()) {
                return new BranchInput.PrepareFailed(
                        branch.id(),
                        "a statement still ran " + prepareTimeout.toMillis() + " ms after the prepare: "
                                + running.get());
            }
            return branch.open().writeEvidence(branch.isAwaited());
        });
    }

    BranchInput prepare(LocalBranch branch) {
        return preparing(branch, () -> {
            at(FaultPoint.PREPARE_BEFORE_DURABLE, branch.ref());
            BranchInput answer = branch.open().prepare();
            if (answer instanceof BranchInput.Prepared) {
                at(FaultPoint.PREPARE_DURABLE, branch.ref());
            }
            return answer;
        });
    }

    BranchInput rollBack(LocalBranch branch) {
        return in(branch.ref(), () -> {
            try {
                try {
                    at(FaultPoint.ABORT_BEFORE_DATABASE, branch.ref());
                } finally {
                    // Whatever fails before: nobody would give the connection back any more.
                    branch.open().rollBack();
                }
            } catch (RuntimeException e) {
                // The connection may be in any state; what is not prepared ends with it.
                log.warn("Rolling back branch {} failed: {}", branch.ref(), e.toString());
            }
            return new BranchInput.RolledBack(branch.ref());
        });
    }

    BranchInput commitPrepared(BranchRef branch) {
        return finishing(branch, () -> {
            at(FaultPoint.COMMIT_BEFORE_DATABASE, branch);
            BranchInput answer = database(branch.branch().resource()).commitPrepared(branch);
            if (answer instanceof BranchInput.Committed) {
                at(FaultPoint.COMMIT_DURABLE, branch);
            }
            return answer;
        });
    }

    BranchInput rollBackPrepared(BranchRef branch) {
        return finishing(branch, () -> {
            at(FaultPoint.ABORT_BEFORE_DATABASE, branch);
            return database(branch.branch().resource()).rollBackPrepared(branch);
        });
    }

    Optional<BranchInput> listPrepared(ResourceName resource) {
        return recovering(resource, "list what is prepared", () -> {
            List<BranchRef> prepared = database(resource).listPrepared();
            faults.at(FaultPoint.RECOVERY_LISTED);
            return Optional.of(new BranchInput.PreparedListed(resource, prepared));
        });
    }

    Optional<BranchInput> listRows(ResourceName resource) {
        return recovering(
                resource,
                "list evidence rows",
                () -> Optional.of(
                        new BranchInput.RowsListed(resource, database(resource).listRows())));
    }

    void removeRows(ResourceName resource, List<BranchRef> rows) {
        recovering(resource, "remove evidence rows", () -> {
            database(resource).removeRows(rows);
            return Optional.empty();
        });
    }

    BranchDatabase database(ResourceName resource) {
        BranchDatabase database = databases.get(resource);
        if (database == null) {
            throw new IllegalArgumentException("this process does not serve resource " + resource);
        }
        return database;
    }

    private void at(FaultPoint point, BranchRef branch) {
        faults.at(point, FaultPlace.of(branch.xid(), branch.branch()));
    }

    private Optional<String> awaitIdle(LocalBranch branch) {
        try {
            return branch.open().awaitIdle(prepareTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("unknown; the process ends");
        }
    }

    private static BranchInput preparing(LocalBranch branch, Supplier<BranchInput> step) {
        return in(branch.ref(), () -> {
            try {
                return step.get();
            } catch (RuntimeException e) {
                log.warn("Preparing branch {} failed: {}", branch.ref(), e.toString());
                return new BranchInput.PrepareFailed(branch.id(), e.toString());
            }
        });
    }

    private static BranchInput finishing(BranchRef branch, Supplier<BranchInput> step) {
        return in(branch, () -> {
            try {
                return step.get();
            } catch (RuntimeException e) {
                log.warn("Finishing branch {} failed and is tried again: {}", branch, e.toString());
                return new BranchInput.Busy(branch, e.toString());
            }
        });
    }

    private interface Recovery {
        Optional<BranchInput> run() throws SQLException;
    }

    private static Optional<BranchInput> recovering(ResourceName resource, String what, Recovery step) {
        try {
            return step.run();
        } catch (SQLException | RuntimeException e) {
            log.warn("Resource {}: could not {}: {}; tried again in time", resource, what, e.toString());
            return Optional.empty();
        }
    }

    private static BranchInput in(BranchRef branch, Supplier<BranchInput> step) {
        MDC.put("xid", branch.xid().toString());
        MDC.put("branch", branch.branch().toString());
        try {
            return step.get();
        } finally {
            MDC.remove("xid");
            MDC.remove("branch");
        }
    }
}
