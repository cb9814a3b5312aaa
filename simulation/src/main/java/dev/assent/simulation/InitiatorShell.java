package dev.assent.simulation;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.initiator.InitiatorCore;
import dev.assent.protocol.initiator.InitiatorEffect;
import dev.assent.protocol.initiator.InitiatorInput;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Drives the core of one process's transactions, as the SDK's shell does. */
final class InitiatorShell implements Door {
    private static final long PATIENCE_NANOS = 3 * WorldParameters.SECOND;
    final InitiatorCore core;
    private final ServiceProcess process;
    private final World world;
    private final Alarm alarm;
    private final ArrayDeque<InitiatorInput> waiting = new ArrayDeque<>();
    private final Map<Long, TransactionRun> beginning = new HashMap<>();
    private final Map<Xid, TransactionRun> begun = new HashMap<>();
    private boolean isBusy;

    InitiatorShell(ServiceProcess process) {
        this.process = process;
        this.world = process.world;
        this.core = new InitiatorCore(World.CLUSTER, process.instance, world.parameters.initiator());
        this.alarm = new Alarm(process, this::tick);
    }

    void wake() {
        alarm.set(world.nowNanos);
    }

    private void tick() {
        if (core.nextDeadlineNanos() <= process.clockNanos()) {
            give(new InitiatorInput.Tick());
        } else {
            alarm.set(process.worldNanos(core.nextDeadlineNanos()));
        }
    }

    // ---- the application ----

    void begin(TransactionRun run) {
        beginning.put((long) run.plan.number(), run);
        give(new InitiatorInput.BeginWanted(run.plan.number(), world.parameters.timeoutNanos(), PATIENCE_NANOS));
    }

    @Override
    public void touched(Xid xid) {
        give(new InitiatorInput.Touched(xid));
    }

    @Override
    public void ask(InitiatorInput wish) {
        if (wish instanceof InitiatorInput.CommitWanted commit) {
            Strike strike = world.points.at(process, FaultPoint.COMMIT_BEFORE_SEND, commit.xid());
            if (strike.fate() == Strike.Fate.FAILS || strike.fate() == Strike.Fate.IS_LOST) {
                nobodyWaits(commit.xid());
            }
            process.take(strike, () -> give(wish), () -> {});
        } else {
            give(wish);
        }
    }

    /** Whoever wanted to know has met an exception, or waits in vain. */
    private void nobodyWaits(Xid xid) {
        TransactionRun run = begun.get(xid);
        if (run != null) {
            run.givesUp();
        }
    }

    // ---- the coordinator ----

    void leased(int shard, Command.Lease lease) {
        give(new InitiatorInput.Leased(shard, lease));
    }

    void answered(long number, Answer answer) {
        world.trace(process, () -> "is answered #" + number + " " + answer);
        give(new InitiatorInput.Answered(number, answer));
    }

    void leaderReady(int shard, long term) {
        give(new InitiatorInput.LeaderReady(shard, term));
    }

    private void give(InitiatorInput input) {
        waiting.add(input);
        if (isBusy) {
            return;
        }
        isBusy = true;
        while (!waiting.isEmpty() && process.isAlive) {
            InitiatorInput next = waiting.remove();
            world.coverage.before(core, next);
            for (InitiatorEffect effect : core.on(next, process.clockNanos())) {
                if (effect instanceof InitiatorEffect.Ask ask
                        && process.stopsHere(world.judge.luckOf(ask.request(), process.luck))) {
                    return;
                }
                carryOut(effect);
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

    private void carryOut(InitiatorEffect effect) {
        if (effect instanceof InitiatorEffect.Tell tell) {
            process.sessions.tell(tell.shard(), tell.notice());
        } else if (effect instanceof InitiatorEffect.Ask ask) {
            process.sessions.ask(ask.shard(), ask.number(), ask.request());
        } else if (effect instanceof InitiatorEffect.Begun it) {
            begun(it.token(), it.xid());
        } else if (effect instanceof InitiatorEffect.BegunAnew anew) {
            begunAnew(anew);
        } else if (effect instanceof InitiatorEffect.BeginFailed failed) {
            world.marks.sometimes(Mark.BEGIN_FAILED);
            beginning.remove(failed.token());
        } else if (effect instanceof InitiatorEffect.Settled settled) {
            world.trace(process, () -> "knows of " + settled.xid() + ": " + settled.answer());
            settled(settled);
        } else if (effect instanceof InitiatorEffect.StillPending) {
            world.marks.sometimes(Mark.OUTCOME_ASKED_PENDING);
        }
    }

    private void begun(long token, Xid xid) {
        TransactionRun run = beginning.remove(token);
        world.judge.begun(xid, run);
        world.trace(process, () -> "begins " + xid);
        if (run != null) {
            begun.put(xid, run);
            // One that meets an exception here never hears of its number, and nobody ends it.
            process.take(world.points.at(process, FaultPoint.BEGIN_SENT, xid), () -> run.begun(process, xid), () -> {});
        }
    }

    private void settled(InitiatorEffect.Settled settled) {
        Xid xid = settled.xid();
        TransactionRun run = begun.remove(xid);
        if (run == null) {
            world.judge.told(xid, settled.answer(), process);
            return;
        }
        process.take(
                world.points.at(process, FaultPoint.OUTCOME_BEFORE_RETURN, xid),
                () -> world.judge.told(xid, settled.answer(), process),
                run::givesUp);
        if (!process.isAlive) {
            world.marks.sometimes(Mark.CRASHED_WITH_THE_OUTCOME);
        }
    }

    private void begunAnew(InitiatorEffect.BegunAnew anew) {
        TransactionRun run = begun.remove(anew.stale());
        world.judge.begun(anew.fresh(), run);
        world.marks.sometimes(Mark.BEGUN_ANEW);
        if (run != null && run.goesOnAs(anew.stale(), anew.fresh())) {
            begun.put(anew.fresh(), run);
        } else {
            waiting.add(new InitiatorInput.RollbackWanted(
                    anew.fresh(), AbortCause.of(AbortCause.Kind.ROLLED_BACK, "the transaction had begun to work")));
        }
    }
}
