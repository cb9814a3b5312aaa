package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchCore;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.message.Command;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    void told(Command command) {
        give(new BranchInput.Told(command));
    }

    void leaderReady(int shard, long term) {
        give(new BranchInput.LeaderReady(shard, term));
    }

    // ---- the application ----

    /** The branch of a transaction that takes work, opened if there is none; null if no connection is to be had. */
    @Nullable
    LocalBranch branchAt(Xid xid, long leftNanos) {
        LocalBranch found = usable.get(xid);
        if (found != null) {
            return found;
        }
        BranchRef ref =
                new BranchRef(xid, new BranchId(process.slot.database.resource, process.instance, nextNumber++));
        LocalTransaction work = process.slot.database.open(ref, process, world.judge.luckOf(xid, process.luck));
        if (work == null) {
            return null;
        }
        LocalBranch opened = new LocalBranch(ref, work);
        branches.put(ref.branch(), opened);
        usable.put(xid, opened);
        give(new BranchInput.Opened(xid, ref.branch(), Math.max(1, leftNanos)));
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
                if (process.stopsHere(luck)) {
                    return;
                }
                carryOut(effect, luck);
            }
        }
        isBusy = false;
        if (process.isAlive) {
            alarm.set(process.worldNanos(core.nextDeadlineNanos()));
        }
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
            process.sessions.tell(tell.shard(), tell.notice());
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
