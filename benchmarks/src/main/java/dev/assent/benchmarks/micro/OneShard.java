package dev.assent.benchmarks.micro;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.ShardIdentity;
import dev.assent.protocol.coordinator.ShardSettings;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * A shard that leads, one process with two resources, and the inputs of its transactions, one after another: what the
 * process says, what its log applies, and time. Belongs to one thread.
 */
public final class OneShard {
    private static final ClusterId CLUSTER = new ClusterId("bench", "a1b2c3d4");
    private static final InstanceId INSTANCE = new InstanceId("k3j9x0p2m4q7");
    private static final long TERM = 1;
    private static final long LOOP = 1;
    private static final long NANOS_PER_TRANSACTION = 20_000;

    private final ReplicatedState state = new ReplicatedState();
    private final ShardCore core =
            new ShardCore(new ShardIdentity(CLUSTER, 0, new NodeId("node-1"), LOOP), ShardSettings.DEFAULTS, state);
    private final Queue<Input.Applied> applied = new ArrayDeque<>();
    private long nowNanos = 1;
    private long nextBranch;
    private long nextRequest;
    private long nextSeq;
    private long lastSeq = -1;
    private long committed;

    /** Gives the shard an input, and its effects to {@link #take}. */
    @FunctionalInterface
    public interface Step {
        void feed(Input input);
    }

    /** A shard that is ready. */
    public OneShard() {
        state.apply(TERM, new LogRecord.ClusterCreated(CLUSTER, 0, 1));
        plain(new Input.LeadershipWon());
        plain(new Input.SessionOpened(INSTANCE, "bench", List.of(resource(1), resource(2))));
        workOffApplied(this::plain);
    }

    /** The step without anything around it. */
    public void plain(Input input) {
        for (Effect effect : on(input)) {
            take(effect);
        }
    }

    /** The core's answer. */
    public List<Effect> on(Input input) {
        return core.on(input, nowNanos);
    }

    /** The log takes a pack, and the replica applies it. */
    public void append(List<LogRecord> pack) {
        for (LogRecord record : pack) {
            boolean stood = state.apply(TERM, record);
            applied.add(new Input.Applied(TERM, record, stood));
        }
    }

    /** Does what the world does about an effect. */
    public void take(Effect effect) {
        if (effect instanceof Effect.Append append) {
            append(List.of(append.record()));
        } else if (effect instanceof Effect.Send send && send.command() instanceof Command.Lease lease) {
            nextSeq = lease.block().firstSeq();
            lastSeq = nextSeq + BlockId.SIZE - 1;
        } else if (effect instanceof Effect.Reply) {
            committed++;
        }
    }

    /**
     * A transaction of two branches from the first enlistment to its end.
     *
     * @return how many were answered so far, so that none of it can be left out
     */
    public long transaction(Step step) {
        if (nextSeq > lastSeq) {
            step.feed(new Input.Noticed(INSTANCE, new Notice.BlockWanted()));
        }
        Xid xid = new Xid(CLUSTER, 0, TERM, nextSeq++);
        BranchId one = new BranchId(resource(1), INSTANCE, nextBranch++);
        BranchId two = new BranchId(resource(2), INSTANCE, nextBranch++);
        step.feed(new Input.SessionHeard(INSTANCE));
        told(step, new Notice.Enlist(xid, one, 30_000_000_000L));
        told(step, new Notice.Enlist(xid, two, 30_000_000_000L));
        CallSums sums = new CallSums(List.of(new CallSums.BranchCalls(one, 1), new CallSums.BranchCalls(two, 1)), true);
        step.feed(new Input.Requested(
                new RequestId(INSTANCE.incarnation(), nextRequest++),
                new Request.Commit(xid, AnswerMode.AFTER_APPLY, sums)));
        step.feed(new Input.SessionHeard(INSTANCE));
        told(step, new Notice.Voted(xid, one, Vote.YES, 1));
        told(step, new Notice.Voted(xid, two, Vote.YES, 1));
        workOffApplied(step);
        step.feed(new Input.SessionHeard(INSTANCE));
        told(step, new Notice.Reported(xid, one, BranchReport.DONE));
        told(step, new Notice.Reported(xid, two, BranchReport.DONE));
        workOffApplied(step);
        passTime(step);
        return committed;
    }

    /** How many transactions were answered. */
    public long committed() {
        return committed;
    }

    private void told(Step step, Notice notice) {
        step.feed(new Input.Noticed(INSTANCE, notice));
    }

    private void workOffApplied(Step step) {
        for (Input.Applied next = applied.poll(); next != null; next = applied.poll()) {
            step.feed(next);
        }
    }

    private void passTime(Step step) {
        nowNanos += NANOS_PER_TRANSACTION;
        if (core.nextDeadlineNanos() <= nowNanos) {
            step.feed(new Input.Tick());
        }
    }

    private static ResourceName resource(int number) {
        return new ResourceName("empty-" + number);
    }
}
