package dev.assent.simulation;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.coordinator.ShardCore;
import dev.assent.protocol.coordinator.ShardIdentity;
import dev.assent.protocol.coordinator.ShardSettings;
import dev.assent.protocol.coordinator.TransactionView;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.List;
import java.util.Optional;

/** A real core of a shard with its replicated state, and the scripts that bring a transaction into each state. */
final class DrivenShard {
    static final long TERM = 2;
    static final int SHARD = 0;
    /** Holds {@link #A}. */
    static final InstanceId P = instance("p");
    /** Holds {@link #B}. */
    static final InstanceId Q = instance("q");
    /** Begins transactions. */
    static final InstanceId I = instance("i");

    static final BranchId A = new BranchId(new ResourceName("a"), P, 1);
    static final BranchId B = new BranchId(new ResourceName("b"), Q, 1);
    static final AbortCause ROLLED_BACK = AbortCause.of(AbortCause.Kind.ROLLED_BACK);

    private static final long SECOND = 1_000_000_000;
    private static final NodeId NODE = new NodeId("n1");
    private static final long HOUR = 3_600 * SECOND;
    /** Nobody is lost and nothing forgotten by time alone, so that a tick is the transaction's. */
    private static final ShardSettings SETTINGS = new ShardSettings(
            30 * SECOND, HOUR, 5 * SECOND, 5 * SECOND, HOUR, HOUR, SECOND, 30 * SECOND, 64L << 20, HOUR, HOUR, 1_000);

    final ReplicatedState state = new ReplicatedState();
    final ShardCore core = new ShardCore(new ShardIdentity(World.CLUSTER, SHARD, NODE, 7), SETTINGS, state);
    private final Coverage coverage;
    private long firstSeq;
    private long requests;
    private long nowNanos = SECOND;

    /** A follower that has heard of every instance. */
    DrivenShard(Coverage coverage) {
        this.coverage = coverage;
        applied(1, new LogRecord.ClusterCreated(World.CLUSTER, SHARD, 1));
        applied(1, new LogRecord.LeaderStarted(new NodeId("n2"), 1));
        opens(P, "a");
        opens(Q, "b");
        opens(I, "c");
    }

    private static InstanceId instance(String name) {
        return new InstanceId(name.repeat(InstanceId.LENGTH));
    }

    // ---- inputs ----

    List<Effect> on(Input input) {
        coverage.before(core, input, nowNanos);
        List<Effect> effects = core.on(input, nowNanos);
        coverage.after(effects);
        return effects;
    }

    List<Effect> opens(InstanceId instance, String resource) {
        return on(new Input.SessionOpened(instance, instance.toString(), List.of(new ResourceName(resource))));
    }

    List<Effect> applied(long term, LogRecord record) {
        return on(new Input.Applied(term, record, state.apply(term, record)));
    }

    List<Effect> told(InstanceId from, Notice notice) {
        return on(new Input.Noticed(from, notice));
    }

    List<Effect> asked(Request request) {
        return on(new Input.Requested(new RequestId("c", ++requests), request));
    }

    /** Lets time pass until the next timer. */
    List<Effect> ticks() {
        nowNanos = Math.max(nowNanos, Math.min(core.nextDeadlineNanos(), nowNanos + HOUR));
        return on(new Input.Tick());
    }

    // ---- states ----

    /** The present state of the transaction. */
    String stateOf(Xid xid) {
        Optional<String> seen = core.view(xid, nowNanos).map(TransactionView::state);
        return core.isReady() ? seen.orElse("ELSEWHERE") : "not leading";
    }

    String shardState() {
        if (core.isReady()) {
            return "READY";
        }
        return core.canonical().contains("isAwaiting=true") ? "AWAITING" : "FOLLOWER";
    }

    void awaits() {
        on(new Input.LeadershipWon());
    }

    DrivenShard leads() {
        awaits();
        applied(TERM, ownStart());
        for (Effect effect : told(I, new Notice.BlockWanted())) {
            if (effect instanceof Effect.Send send && send.command() instanceof Command.Lease lease) {
                firstSeq = lease.block().firstSeq();
            }
        }
        return this;
    }

    static LogRecord ownStart() {
        return new LogRecord.LeaderStarted(NODE, 7);
    }

    /** A number of the leased block. */
    Xid xid(int number) {
        return new Xid(World.CLUSTER, SHARD, TERM, firstSeq + number);
    }

    /** Enlists both branches. */
    void active(Xid xid) {
        told(P, new Notice.Enlist(xid, A, 0));
        told(Q, new Notice.Enlist(xid, B, 0));
    }

    void preparing(Xid xid) {
        active(xid);
        asked(commit(xid));
    }

    void deciding(Xid xid) {
        preparing(xid);
        told(P, new Notice.Voted(xid, A, Vote.YES, 1));
        told(Q, new Notice.Voted(xid, B, Vote.YES, 1));
    }

    void committing(Xid xid) {
        deciding(xid);
        applied(TERM, decision(xid));
    }

    void ending(Xid xid) {
        committing(xid);
        done(xid);
    }

    void done(Xid xid) {
        told(P, new Notice.Reported(xid, A, BranchReport.DONE));
        told(Q, new Notice.Reported(xid, B, BranchReport.DONE));
    }

    void committed(Xid xid) {
        ending(xid);
        applied(TERM, new LogRecord.Ended(xid));
    }

    void aborting(Xid xid) {
        active(xid);
        asked(new Request.Rollback(xid, ROLLED_BACK));
    }

    void aborted(Xid xid) {
        asked(new Request.Rollback(xid, ROLLED_BACK));
    }

    /** The whole block of the transaction is forgotten. */
    void expired(Xid xid) {
        committed(xid);
        told(I, new Notice.BlockReturned(BlockId.of(xid)));
        applied(TERM, new LogRecord.Forgotten(BlockId.of(xid)));
    }

    /** A leader that finds the decision of an earlier term listed. */
    Xid resumed() {
        Xid xid = new Xid(World.CLUSTER, SHARD, 1, 5);
        applied(1, decision(xid));
        leads();
        return xid;
    }

    // ---- messages ----

    static LogRecord decision(Xid xid) {
        return new LogRecord.CommitDecided(xid, List.of(A, B), 0);
    }

    static LogRecord heuristic(Xid xid, HeuristicKind kind) {
        return new LogRecord.HeuristicFound(xid, A, kind);
    }

    static Request commit(Xid xid) {
        List<CallSums.BranchCalls> calls = List.of(new CallSums.BranchCalls(A, 1), new CallSums.BranchCalls(B, 1));
        return new Request.Commit(xid, AnswerMode.AFTER_APPLY, new CallSums(calls, true));
    }
}
