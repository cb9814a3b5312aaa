package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Drives the core of one process's branches, as the SDK's shell does. */
final class BranchShell {
    final BranchCore core;
    private final ServiceProcess process;
    private final World world;
    private final BranchSteps steps;
    private final Alarm alarm;
    private final Map<BranchId, LocalBranch> branches = new HashMap<>();
    private final Map<Xid, LocalBranch> usable = new HashMap<>();
    /** What becomes of the first word about a branch. */
    private final Map<BranchId, Strike.Fate> enlistFates = new HashMap<>();

    private final Map<Xid, List<Consumer<Optional<LocalBranch>>>> opening = new HashMap<>();
    private final ArrayDeque<BranchInput> waiting = new ArrayDeque<>();
    private boolean isBusy;
    private long nextNumber;

    BranchShell(ServiceProcess process) {
        this.process = process;
        this.world = process.world;
        this.core =
                new BranchCore(process.instance, process.resources(), world.parameters.branch(), process.clockNanos());
        this.steps = new BranchSteps(process);
        this.alarm = new Alarm(process, this::tick);
    }

    void start() {
        wake();
    }

    void wake() {
        alarm.set(world.nowNanos);
    }

    private void tick() {
        if (core.nextDeadlineNanos() <= process.clockNanos()) {
            give(new BranchInput.Tick());
        } else {
            alarm.set(process.worldNanos(core.nextDeadlineNanos()));
        }
    }

    /**
     * A command arrived.
     *
     * @return false if it threw
     */
    boolean told(Command command) {
        Xid xid = Names.xidOf(command);
        return process.hears(
                FaultPoint.COMMAND_RECEIVED,
                xid,
                command instanceof Command.BranchAnswer
                        ? () -> process.hears(FaultPoint.RECOVERY_ANSWERED, xid, () -> heard(command))
                        : () -> heard(command));
    }

    private boolean heard(Command command) {
        give(new BranchInput.Told(command));
        return true;
    }

    void leaderReady(int shard, long term) {
        give(new BranchInput.LeaderReady(shard, term));
    }

    // ---- the application ----

    /** The branch of a transaction that takes work, opened if there is none; nothing if it cannot be opened. */
    void branchAt(Xid xid, long leftNanos, Consumer<Optional<LocalBranch>> then) {
        LocalBranch found = usable.get(xid);
        List<Consumer<Optional<LocalBranch>>> waiters = opening.get(xid);
        if (found != null) {
            then.accept(Optional.of(found));
        } else if (waiters != null) {
            waiters.add(then);
        } else {
            open(xid, leftNanos, then);
        }
    }

    private void open(Xid xid, long leftNanos, Consumer<Optional<LocalBranch>> then) {
        BranchRef ref =
                new BranchRef(xid, new BranchId(process.slot.database.resource, process.instance, nextNumber++));
        LocalTransaction work = process.slot.database.open(ref, process, world.judge.luckOf(xid, process.luck));
        if (work == null) {
            then.accept(Optional.empty());
            return;
        }
        Strike strike = world.points.at(process, FaultPoint.ENLIST_BEFORE_SEND, ref);
        switch (strike.fate()) {
            case ENDED -> {
                // Nobody waits any more.
            }
            case FAILS -> {
                process.slot.database.rollBack(work);
                then.accept(Optional.empty());
            }
            case WAITS -> {
                List<Consumer<Optional<LocalBranch>>> waiters = new ArrayList<>(List.of(then));
                opening.put(xid, waiters);
                world.after(strike.nanos(), process, () -> {
                    opening.remove(xid);
                    Optional<LocalBranch> opened = Optional.of(opened(ref, work, leftNanos));
                    waiters.forEach(waiter -> waiter.accept(opened));
                });
            }
            case GOES_ON -> then.accept(Optional.of(opened(ref, work, leftNanos)));
            case IS_LOST, COMES_TWICE -> {
                enlistFates.put(ref.branch(), strike.fate());
                then.accept(Optional.of(opened(ref, work, leftNanos)));
            }
        }
    }

    private LocalBranch opened(BranchRef ref, LocalTransaction work, long leftNanos) {
        LocalBranch opened = new LocalBranch(ref, work);
        branches.put(ref.branch(), opened);
        usable.put(ref.xid(), opened);
        give(new BranchInput.Opened(ref.xid(), ref.branch(), Math.max(1, leftNanos)));
        return opened;
    }

    /** Gives the core one input after another; effects of one are carried out before the next is given. */
    void give(BranchInput input) {
        waiting.add(input);
        if (isBusy) {
            return;
        }
        isBusy = true;
        while (!waiting.isEmpty() && process.isAlive) {
            BranchInput next = waiting.remove();
            world.coverage.before(core, next);
            for (BranchEffect effect : core.on(next, process.clockNanos())) {
                Luck luck = luckOf(effect);
                if (!hasPoint(effect) && process.stopsHere(luck)) {
                    return;
                }
                carryOut(effect, luck);
                if (!process.isAlive) {
                    return;
                }
            }
        }
        isBusy = false;
        if (process.isAlive) {
            alarm.set(process.worldNanos(core.nextDeadlineNanos()));
        }
    }

    /** Whether the step begins with a fault point. */
    private static boolean hasPoint(BranchEffect effect) {
        return effect instanceof BranchEffect.WriteEvidence
                || effect instanceof BranchEffect.Prepare
                || effect instanceof BranchEffect.RollBack
                || effect instanceof BranchEffect.CommitPrepared
                || effect instanceof BranchEffect.RollBackPrepared;
    }

    private Luck luckOf(BranchEffect effect) {
        if (effect instanceof BranchEffect.Tell tell) {
            return world.judge.luckOf(tell.notice(), process.luck);
        } else if (effect instanceof BranchEffect.CommitPrepared commit) {
            return world.judge.luckOf(commit.branch().xid(), process.luck);
        } else if (effect instanceof BranchEffect.RollBackPrepared rollBack) {
            return world.judge.luckOf(rollBack.branch().xid(), process.luck);
        } else if (effect instanceof BranchEffect.WriteEvidence write) {
            return world.judge.luckOf(write.xid(), process.luck);
        }
        return effect instanceof BranchEffect.Prepare prepare
                ? world.judge.luckOf(prepare.xid(), process.luck)
                : process.luck;
    }

    private void carryOut(BranchEffect effect, Luck luck) {
        if (effect instanceof BranchEffect.Tell tell) {
            world.judge.noticed(tell.notice(), process);
            tell(tell);
        } else if (effect instanceof BranchEffect.EnlistmentSettled settled) {
            LocalBranch branch = branches.get(settled.branch());
            if (branch != null) {
                branch.settle(settled.refusal());
            }
        } else if (effect instanceof BranchEffect.Closed closed) {
            close(closed);
        } else if (effect instanceof BranchEffect.StuckInDoubt stuck) {
            world.judge.stuck(stuck.branch(), stuck.verdict());
        } else {
            world.trace(process, () -> "does " + effect);
            steps.begin(effect, luck);
        }
    }

    private void tell(BranchEffect.Tell tell) {
        Strike.Fate fate = tell.notice() instanceof Notice.Enlist enlist ? enlistFates.remove(enlist.branch()) : null;
        if (fate != Strike.Fate.IS_LOST) {
            process.sessions.tell(tell.shard(), tell.notice());
        }
        if (fate == Strike.Fate.COMES_TWICE) {
            process.sessions.tell(tell.shard(), tell.notice());
        }
    }

    private void close(BranchEffect.Closed closed) {
        LocalBranch branch = branches.get(closed.branch());
        if (branch != null) {
            branch.close(closed.state());
            usable.remove(branch.ref.xid(), branch);
        }
    }

    @Nullable
    LocalBranch local(BranchId id) {
        return branches.get(id);
    }

    /** A listing of what is prepared; it may be old. */
    void preparedListed(List<BranchRef> listed) {
        for (BranchRef ref : listed) {
            boolean isOwn = ref.branch().instance().equals(process.instance);
            LocalTransaction work = world.judge.of(ref.xid()).branch(ref.branch());
            if (isOwn && !branches.containsKey(ref.branch()) && work != null && work.isEnded()) {
                world.marks.sometimes(Mark.LISTING_OLDER_THAN_COMMIT);
            }
        }
        int before = core.unresolved().size();
        give(new BranchInput.PreparedListed(process.slot.database.resource, listed));
        if (core.unresolved().size() < before) {
            world.marks.sometimes(Mark.FOUND_VANISHED);
        }
    }

    /** A step in the database was answered. */
    void answered(BranchInput answer) {
        BranchRef finished = finished(answer);
        if (finished != null) {
            branches.remove(finished.branch());
        }
        give(answer);
    }

    private static @Nullable BranchRef finished(BranchInput answer) {
        if (answer instanceof BranchInput.RolledBack it) {
            return it.branch();
        } else if (answer instanceof BranchInput.Committed it) {
            return it.branch();
        } else if (answer instanceof BranchInput.FoundCommitted it) {
            return it.branch();
        }
        return answer instanceof BranchInput.NothingFound it ? it.branch() : null;
    }
}
