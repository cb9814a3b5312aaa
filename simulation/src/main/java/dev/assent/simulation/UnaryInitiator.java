package dev.assent.simulation;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorInput;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Request;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An application that begins and ends its transaction by single calls, with a number of the leader's own. It asks one node
 * after another until it knows, and believes no two answers of which one must be wrong.
 */
final class UnaryInitiator implements Door {
    private static final int MOST_BEGINS = 8;

    private final ServiceProcess process;
    private final TransactionRun run;
    private final World world;
    private @Nullable Xid begun;
    private boolean isSettled;

    UnaryInitiator(ServiceProcess process, TransactionRun run) {
        this.process = process;
        this.run = run;
        this.world = process.world;
    }

    // ---- begin ----

    void begin() {
        int shard = world.dice.below(Purpose.WORK, run.luck, world.groups.size());
        begin(shard, 0);
    }

    private void begin(int shard, int attempt) {
        if (begun != null) {
            return;
        }
        if (attempt == MOST_BEGINS) {
            world.marks.sometimes(Mark.BEGIN_FAILED);
            return;
        }
        call(shard, attempt, new Request.Begin(Optional.empty(), world.parameters.timeoutNanos()));
        world.after(pauseNanos(), process, () -> begin(shard, attempt + 1));
    }

    private void begun(Xid xid) {
        if (begun == null) {
            begun = xid;
            world.trace(process, () -> "begins " + xid + " by a single call");
            world.marks.sometimes(Mark.BEGUN_BY_CALL);
            run.begun(process, xid);
        } else if (!xid.equals(begun)) {
            // The call was repeated and began another one, which nobody will use.
            world.marks.sometimes(Mark.BEGUN_TWICE_BY_CALL);
            if (world.dice.chance(Purpose.WORK, run.luck, 50)) {
                AbortCause cause = AbortCause.of(AbortCause.Kind.ROLLED_BACK, "begun twice");
                call(xid.shard(), 0, new Request.Rollback(xid, cause));
            }
        }
    }

    @Override
    public void touched(Xid xid) {
        // The leader gave the number out itself, so it has heard of it.
    }

    // ---- the end ----

    @Override
    public void ask(InitiatorInput wish) {
        if (wish instanceof InitiatorInput.CommitWanted it) {
            drive(it.xid().shard(), 0, new Request.Commit(it.xid(), it.mode(), it.sums()));
        } else if (wish instanceof InitiatorInput.RollbackWanted it) {
            drive(it.xid().shard(), 0, new Request.Rollback(it.xid(), it.cause()));
        }
    }

    private void drive(int shard, int attempt, Request request) {
        if (!isSettled) {
            call(shard, attempt, request);
            world.after(pauseNanos(), process, () -> drive(shard, attempt + 1, request));
        }
    }

    private long pauseNanos() {
        return world.dice.between(Purpose.WORK, run.luck, 50, 1_000) * WorldParameters.MILLI;
    }

    /** Mostly it knows who leads; else it tries anybody. */
    private void call(int shard, int attempt, Request request) {
        Node leader = attempt % 3 == 0 ? world.operators.leader(shard) : null;
        Node to = leader != null
                ? leader
                : world.nodes
                        .get(world.dice.below(Purpose.WORK, run.luck, world.nodes.size()))
                        .node();
        if (to != null) {
            world.trace(process, () -> "calls " + to + ": " + request);
            to.calls.call(process, shard, request, run.luck, answer -> answered(request, answer));
        }
    }

    private void answered(Request request, Answer answer) {
        world.trace(process, () -> "is answered " + answer);
        Xid about = Names.xidOf(request);
        if (answer instanceof Answer.Begun it) {
            begun(it.xid());
        } else if (about != null && isFinal(answer)) {
            isSettled |= about.equals(begun);
            world.judge.told(about, answer, process);
        }
    }

    private static boolean isFinal(Answer answer) {
        if (answer instanceof Answer.Refused refused) {
            return refused.reason() != Answer.Reason.NOT_LEADER
                    && refused.reason() != Answer.Reason.TOO_MANY_TRANSACTIONS;
        }
        return !(answer instanceof Answer.Pending);
    }
}
