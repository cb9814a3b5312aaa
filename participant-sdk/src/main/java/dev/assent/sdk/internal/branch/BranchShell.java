package dev.assent.sdk.internal.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.sdk.internal.fault.FaultSeam;
import dev.assent.sdk.internal.fault.FaultSeam.Fate;
import dev.assent.sdk.internal.shell.CoordinatorLink;
import dev.assent.sdk.internal.shell.Core;
import dev.assent.sdk.internal.shell.CoreDriver;
import dev.assent.sdk.internal.shell.SerialSteps;
import dev.assent.sdk.internal.shell.SerialSteps.Lane;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives {@code BranchCore}: opens branches for the application, carries words to and from the coordinator, and has the
 * steps in the databases done by workers, those of one branch in order. Decides nothing itself.
 *
 * <p>Safe for use by several threads; only {@link #branchAt} blocks.
 */
public final class BranchShell {
    private static final Logger log = LoggerFactory.getLogger(BranchShell.class);

    private final Setting setting;
    private final BranchSteps steps;
    private final CoreDriver<BranchInput, BranchEffect> driver;

    private final BranchRegistry branches = new BranchRegistry();
    private final AtomicLong nextNumber = new AtomicLong();
    private final Map<BranchId, Fate> enlistFates = new ConcurrentHashMap<>();
    private final Set<BranchRef> preparedHere = ConcurrentHashMap.newKeySet();
    private final Map<BranchRef, Command.Verdict> stuck = new ConcurrentHashMap<>();

    /**
     * What the shell works with.
     *
     * @param instance this life of the process
     * @param databases what it serves
     * @param prepareTimeout how long Prepare waits for a statement that runs
     * @param callbacks runs the application's own code, which may take its time
     */
    public record Setting(
            InstanceId instance,
            List<BranchDatabase> databases,
            Duration prepareTimeout,
            CoordinatorLink link,
            SerialSteps workers,
            Executor callbacks,
            FaultSeam faults) {
        public Setting {
            databases = List.copyOf(databases);
        }
    }

    public BranchShell(Setting setting, Core<BranchInput, BranchEffect> core, CoreDriver.Clocks clocks) {
        this.setting = setting;
        Map<ResourceName, BranchDatabase> byName =
                setting.databases.stream().collect(Collectors.toMap(BranchDatabase::resource, database -> database));
        this.steps = new BranchSteps(byName, setting.prepareTimeout, setting.faults);
        this.driver = new CoreDriver<>("BranchCore", core, new BranchInput.Tick(), this::carryOut, clocks);
    }

    /** Begins to recover what an earlier life left behind. */
    public void start() {
        driver.start();
    }

    /** A command of the coordinator arrived. */
    public void told(Command command) {
        Fate fate = setting.faults.at(FaultPoint.COMMAND_RECEIVED);
        if (command instanceof Command.BranchAnswer) {
            fate = fate == Fate.PROCEED ? setting.faults.at(FaultPoint.RECOVERY_ANSWERED) : fate;
        }
        if (fate == Fate.DROP) {
            return;
        }
        if (command instanceof Command.AbortBranch abort) {
            cancelStatement(abort.branch());
        }
        driver.give(new BranchInput.Told(command));
        if (fate == Fate.DUPLICATE) {
            driver.give(new BranchInput.Told(command));
        }
    }

    /** A leader is ready and reachable, or reachable again. */
    public void leaderReady(int shard, long term) {
        driver.give(new BranchInput.LeaderReady(shard, term));
    }

    /**
     * The branch of a transaction at a resource, opened if there is none that takes work. Blocks for a connection.
     *
     * @param left of the transaction's timeout
     * @throws SQLException if no connection can be had
     */
    public LocalBranch branchAt(Xid xid, ResourceName resource, Duration left) throws SQLException {
        return branches.branchAt(xid, resource, left, () -> open(xid, resource, left));
    }

    private LocalBranch open(Xid xid, ResourceName resource, Duration left) throws SQLException {
        BranchId id = new BranchId(resource, setting.instance, nextNumber.getAndIncrement());
        OpenBranch open = steps.database(resource).open(xid, id, left, reason -> doomed(id, reason));
        LocalBranch branch = new LocalBranch(new BranchRef(xid, id), open, this);
        try {
            Fate fate = setting.faults.at(FaultPoint.ENLIST_BEFORE_SEND, FaultPlace.of(xid, id));
            if (fate != Fate.PROCEED) {
                enlistFates.put(id, fate);
            }
            branches.add(branch);
            driver.give(new BranchInput.Opened(xid, id, Math.max(1, left.toNanos())));
        } catch (RuntimeException e) {
            branches.remove(id);
            open.rollBack();
            throw new SQLException("Branch " + id + " of " + xid + " could not be opened", e);
        }
        return branch;
    }

    void entered(BranchId branch) {
        driver.give(new BranchInput.CallEntered(branch));
    }

    void left(BranchId branch) {
        driver.give(new BranchInput.CallLeft(branch));
    }

    void lastCall(BranchId branch) {
        driver.give(new BranchInput.LastCall(branch));
    }

    void doomed(BranchId branch, String reason) {
        driver.give(new BranchInput.Doomed(branch, reason));
    }

    /** Branches that this process opened and that are prepared and not finished. */
    public Set<BranchRef> inDoubt() {
        return Set.copyOf(preparedHere);
    }

    /** Branches that only an operator can settle, and what the coordinator says about them. */
    public Map<BranchRef, Command.Verdict> stuck() {
        return Map.copyOf(stuck);
    }

    /** Branches of this process that have not ended. */
    public int openCount() {
        return branches.size();
    }

    // ---- effects: on the thread that drives the core, without blocking ----

    private void carryOut(BranchEffect effect) {
        if (effect instanceof BranchEffect.Tell tell) {
            tell(tell);
        } else if (effect instanceof BranchEffect.EnlistmentSettled settled) {
            LocalBranch branch = branches.find(settled.branch());
            if (branch != null) {
                branch.enlistment().complete(settled.refusal());
            }
        } else if (effect instanceof BranchEffect.Closed closed) {
            close(closed);
        } else if (effect instanceof BranchEffect.StuckInDoubt inDoubt) {
            stuck.put(inDoubt.branch(), inDoubt.verdict());
            log.error(
                    "Branch {} is in doubt and the coordinator says {}: an operator must settle it",
                    inDoubt.branch(),
                    inDoubt.verdict());
        } else {
            inDatabase(effect);
        }
    }

    private void tell(BranchEffect.Tell tell) {
        Fate fate = tell.notice() instanceof Notice.Enlist enlist
                ? enlistFates.getOrDefault(enlist.branch(), Fate.PROCEED)
                : Fate.PROCEED;
        if (fate != Fate.PROCEED && tell.notice() instanceof Notice.Enlist enlist) {
            enlistFates.remove(enlist.branch());
        }
        if (fate != Fate.DROP) {
            setting.link.tell(tell.shard(), tell.notice());
        }
        if (fate == Fate.DUPLICATE) {
            setting.link.tell(tell.shard(), tell.notice());
        }
    }

    private void close(BranchEffect.Closed closed) {
        LocalBranch branch = branches.find(closed.branch());
        if (branch != null) {
            branch.close(closed.state());
            if (!branch.isPromised()) {
                // Else a call against the promise would get a second branch here, and the promise be worth nothing.
                branches.retire(branch);
            }
        }
    }

    private void inDatabase(BranchEffect effect) {
        if (effect instanceof BranchEffect.WriteEvidence write) {
            local(write.branch(), Lane.PREPARING, steps::writeEvidence);
        } else if (effect instanceof BranchEffect.Prepare prepare) {
            local(prepare.branch(), Lane.PREPARING, steps::prepare);
        } else if (effect instanceof BranchEffect.RollBack rollBack) {
            cancelStatement(rollBack.branch());
            local(rollBack.branch(), Lane.FINISHING, steps::rollBack);
        } else if (effect instanceof BranchEffect.CommitPrepared commit) {
            step(commit.branch().branch(), Lane.FINISHING, () -> steps.commitPrepared(commit.branch()));
        } else if (effect instanceof BranchEffect.RollBackPrepared rollBack) {
            step(rollBack.branch().branch(), Lane.FINISHING, () -> steps.rollBackPrepared(rollBack.branch()));
        } else if (effect instanceof BranchEffect.ListPrepared list) {
            recovery(list.resource(), () -> steps.listPrepared(list.resource()));
        } else if (effect instanceof BranchEffect.ListRows list) {
            recovery(list.resource(), () -> steps.listRows(list.resource()));
        } else if (effect instanceof BranchEffect.RemoveRows remove) {
            recovery(remove.resource(), () -> {
                steps.removeRows(remove.resource(), remove.rows());
                return Optional.empty();
            });
        } else {
            throw new AssertionError("an effect that no one carries out: " + effect);
        }
    }

    private interface LocalStep {
        BranchInput run(LocalBranch branch);
    }

    private void local(BranchId id, Lane lane, LocalStep step) {
        LocalBranch branch = branches.find(id);
        if (branch == null) {
            throw new IllegalStateException("branch " + id + " is not open here");
        }
        step(id, lane, () -> step.run(branch));
    }

    private void step(BranchId id, Lane lane, Supplier<BranchInput> step) {
        setting.workers.add(id, lane, () -> answered(step.get()));
    }

    private void recovery(ResourceName resource, Supplier<Optional<BranchInput>> step) {
        setting.workers.add(resource, Lane.FINISHING, () -> step.get().ifPresent(driver::give));
    }

    private void answered(BranchInput answer) {
        BranchRef finished = finished(answer);
        if (answer instanceof BranchInput.Prepared prepared) {
            LocalBranch branch = branches.find(prepared.branch());
            if (branch != null) {
                preparedHere.add(branch.ref());
            }
        } else if (finished != null) {
            preparedHere.remove(finished);
            stuck.remove(finished);
            enlistFates.remove(finished.branch());
        }
        driver.give(answer);
        if (answer instanceof BranchInput.Committed committed) {
            runAfterCommit(committed.branch().branch());
        }
        if (finished != null) {
            branches.remove(finished.branch());
        }
    }

    private void runAfterCommit(BranchId id) {
        LocalBranch branch = branches.find(id);
        List<Runnable> work = branch == null ? List.of() : branch.takeAfterCommit();
        if (!work.isEmpty()) {
            setting.callbacks.execute(() -> work.forEach(Runnable::run));
        }
    }

    private static @Nullable BranchRef finished(BranchInput answer) {
        if (answer instanceof BranchInput.RolledBack rolledBack) {
            return rolledBack.branch();
        } else if (answer instanceof BranchInput.Committed committed) {
            return committed.branch();
        } else if (answer instanceof BranchInput.FoundCommitted found) {
            return found.branch();
        }
        return answer instanceof BranchInput.NothingFound nothing ? nothing.branch() : null;
    }

    private void cancelStatement(BranchId id) {
        LocalBranch branch = branches.find(id);
        if (branch != null) {
            // Not in the branch's order: the step before may be waiting for this very statement.
            setting.workers.now(branch.open()::cancel);
        }
    }
}
