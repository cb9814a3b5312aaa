package dev.assent.protocol.coordinator;

import static dev.assent.protocol.coordinator.Surroundings.answer;
import static dev.assent.protocol.coordinator.Surroundings.refuse;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Append;
import dev.assent.protocol.coordinator.Effect.Reply;
import dev.assent.protocol.coordinator.Effect.Send;
import dev.assent.protocol.coordinator.LogRecord.CommitDecided;
import dev.assent.protocol.coordinator.LogRecord.LeaderStarted;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One shard on one node: follower, or waiting for its own first record, or leader of a term.
 *
 * <pre>
 * follower --LeadershipWon, append LeaderStarted--> awaiting --own LeaderStarted applied and stood--> ready leader
 * awaiting, ready --LeadershipLost, a later term's entry, an own record that is void--> follower
 * </pre>
 *
 * Until it is ready it answers {@code NOT_LEADER} to everything: only its own standing record proves that it has applied
 * what all earlier leaders decided. The term in which it leads is that of this record's entry, never what Raft calls the
 * current term. On its way down it tells every waiting caller {@code NOT_LEADER}, never ABORTED: what it decided may
 * stand.
 *
 * <p>Not thread-safe; see the duties of the driver in {@link dev.assent.protocol}. The replicated state may be written
 * by another thread meanwhile.
 */
public final class ShardCore {
    private final ShardIdentity identity;
    private final ShardSettings settings;
    private final ReplicatedState state;
    private final Instances instances;
    private final TimerWheel<TimerKey> timers;
    private final Set<InstanceId> watched = new LinkedHashSet<>();
    private boolean isAwaiting;
    private Optional<Leader> leader = Optional.empty();

    /**
     * @param state this replica's; records are applied to it before the core is told
     */
    public ShardCore(ShardIdentity identity, ShardSettings settings, ReplicatedState state) {
        this.identity = identity;
        this.settings = settings;
        this.state = state;
        this.instances = new Instances(settings.sessionLeaseNanos());
        this.timers = new TimerWheel<>();
    }

    private ShardCore(ShardCore other, ReplicatedState itsState) {
        this.identity = other.identity;
        this.settings = other.settings;
        this.state = itsState;
        this.instances = other.instances.copy();
        this.timers = other.timers.copy();
        this.watched.addAll(other.watched);
        this.isAwaiting = other.isAwaiting;
        this.leader = other.leader.map(l -> l.copy(itsState, timers));
    }

    /**
     * Works off one input.
     *
     * @param nowNanos monotonic; never less than in an earlier call
     * @return what the world must do, in order
     */
    public List<Effect> on(Input input, long nowNanos) {
        List<Effect> out = new ArrayList<>();
        if (input instanceof Input.Noticed noticed) {
            onNotice(noticed.instance(), noticed.notice(), nowNanos, out);
        } else if (input instanceof Input.Requested requested) {
            onRequest(requested, nowNanos, out);
        } else if (input instanceof Input.Applied applied) {
            onApplied(applied, nowNanos, out);
        } else if (input instanceof Input.SessionHeard heard) {
            instances.heard(heard.instance(), nowNanos);
            watch(heard.instance());
        } else if (input instanceof Input.Tick) {
            onTick(nowNanos, out);
        } else if (input instanceof Input.SessionOpened opened) {
            onSessionOpened(opened, nowNanos, out);
        } else if (input instanceof Input.SessionClosed closed) {
            if (instances.closed(closed.instance(), closed.isForGood())) {
                onInstanceLost(closed.instance(), nowNanos, out);
            }
        } else if (input instanceof Input.LeadershipWon) {
            stepBack(out);
            isAwaiting = true;
            out.add(new Append(new LeaderStarted(identity.node(), identity.loop())));
        } else if (input instanceof Input.LeadershipLost) {
            stepBack(out);
        }
        return out;
    }

    /**
     * A core with the same memory, which goes its own way from here.
     *
     * @param itsState an equal copy of this core's replicated state
     */
    public ShardCore copy(ReplicatedState itsState) {
        return new ShardCore(this, itsState);
    }

    /**
     * The memory, field by field in a fixed order: equal memories give equal text, in every process. Timers apart, which
     * follow from it; and the replicated state, whose image says it.
     */
    public String canonical() {
        return "identity=" + identity + " isAwaiting=" + isAwaiting + "\n" + instances + "\n"
                + leader.map(Leader::toString).orElse("no leader");
    }

    /** When {@link Input.Tick} is due; {@link Long#MAX_VALUE} if never. */
    public long nextDeadlineNanos() {
        return timers.nextDeadlineNanos();
    }

    /** Whether it leads and may answer. */
    public boolean isReady() {
        return leader.isPresent();
    }

    /** The term in which it leads; 0 if it does not. */
    public long term() {
        return leader.map(Leader::term).orElse(0L);
    }

    /** Transactions in the leader's memory. */
    public int transactionCount() {
        return leader.map(l -> l.transactions().size()).orElse(0);
    }

    /** What is known of one transaction, if this core leads its shard. Changes nothing, unlike a question. */
    public Optional<TransactionView> view(Xid xid, long nowNanos) {
        return leader.filter(l -> Misdirected.of(xid, identity, l.term()).isEmpty())
                .map(l -> Views.of(xid, l, around(l, nowNanos)));
    }

    /** The oldest transactions in memory. */
    public List<TransactionView> views(int limit, long nowNanos) {
        return leader.map(l -> l.transactions().first(limit).stream()
                        .map(tx -> Views.of(tx, around(l, nowNanos)))
                        .toList())
                .orElse(List.of());
    }

    // ---- leadership ----

    private void onApplied(Input.Applied applied, long nowNanos, List<Effect> out) {
        if (applied.record() instanceof LeaderStarted started) {
            boolean isOwn = started.node().equals(identity.node()) && started.loop() == identity.loop();
            // A record of an earlier election may be the one that stands, and the later one then makes this core
            // lead the later term: ignoring that would leave the shard with a leader that never answers.
            boolean leadsLater = leader.filter(l -> applied.stood() && applied.entryTerm() > l.term())
                    .isPresent();
            if (isOwn && (isAwaiting || leadsLater)) {
                stepBack(out);
                becomeReady(applied, nowNanos, out);
                return;
            }
        }
        if (leader.isEmpty()) {
            return;
        }
        if (applied.entryTerm() > leader.get().term()) {
            stepBack(out);
            return;
        }
        Surroundings around = around(leader.get(), nowNanos);
        // A void decision of an earlier term is a predecessor's that came late, and news of nothing.
        boolean isDeposed = !applied.stood()
                && applied.record() instanceof CommitDecided decided
                && decided.xid().term() == leader.get().term();
        if (isDeposed) {
            stepBack(out);
            out.add(new Effect.StepDown());
        } else {
            AppliedRecords.on(applied, leader.get(), around, out);
        }
    }

    /** The first LeaderStarted of a term stands: a loop that was restarted within it can never lead in it. */
    private void becomeReady(Input.Applied applied, long nowNanos, List<Effect> out) {
        if (!applied.stood()) {
            out.add(new Effect.StepDown());
            return;
        }
        Leader ready = new Leader(applied.entryTerm(), settings, state, timers, nowNanos);
        leader = Optional.of(ready);
        out.add(new Effect.AnnounceReady(ready.term()));
        ready.resume(around(ready, nowNanos), out);
    }

    private void stepBack(List<Effect> out) {
        isAwaiting = false;
        leader.ifPresent(old -> old.waiting().forEach(request -> out.add(new Reply(request, notLeader(old.term())))));
        leader = Optional.empty();
    }

    // ---- messages ----

    private void onRequest(Input.Requested requested, long nowNanos, List<Effect> out) {
        if (leader.isEmpty()) {
            out.add(new Reply(requested.id(), notLeader(0)));
            return;
        }
        new Requests(identity, leader.get())
                .on(requested.id(), requested.request(), around(leader.get(), nowNanos), out);
    }

    private void onNotice(InstanceId from, Notice notice, long nowNanos, List<Effect> out) {
        if (leader.isPresent()) {
            new Notices(identity, leader.get()).on(from, notice, around(leader.get(), nowNanos), out);
        } else if (notice instanceof Notice.Enlist enlist) {
            out.add(refuse(from, enlist.xid(), enlist.branch(), Command.Refusal.NOT_LEADER));
        } else if (notice instanceof Notice.Asked asked) {
            out.add(answer(from, asked.xid(), asked.branch(), Command.Verdict.NOT_LEADER));
        } else if (notice instanceof Notice.RowShown shown) {
            out.add(new Send(from, new Command.RowAnswer(shown.xid(), shown.branch(), Command.RowVerdict.NOT_LEADER)));
        }
    }

    // ---- instances and time ----

    private void onSessionOpened(Input.SessionOpened opened, long nowNanos, List<Effect> out) {
        Optional<InstanceId> earlierLife = instances.opened(opened, nowNanos);
        watch(opened.instance());
        earlierLife.ifPresent(lost -> onInstanceLost(lost, nowNanos, out));
        leader.ifPresent(l -> l.instanceBack(opened.instance(), around(l, nowNanos), out));
    }

    private void onInstanceLost(InstanceId instance, long nowNanos, List<Effect> out) {
        leader.ifPresent(l -> l.instanceLost(instance, around(l, nowNanos), out));
    }

    private void onTick(long nowNanos, List<Effect> out) {
        for (TimerKey key : timers.expire(nowNanos)) {
            if (key instanceof TimerKey.OfInstance timer) {
                checkSessionLease(timer.instance(), nowNanos, out);
            } else if (key instanceof TimerKey.OfTransaction timer) {
                leader.ifPresent(l -> l.woken(timer.xid(), around(l, nowNanos), out));
            } else if (key instanceof TimerKey.OfLeases) {
                leader.ifPresent(l -> l.expireLeases(nowNanos));
            } else if (key instanceof TimerKey.OfForgetting timer) {
                leader.filter(l -> l.term() == timer.term()).ifPresent(l -> l.forget(nowNanos, out));
            }
        }
    }

    /** One timer watches each instance that is thought alive. */
    private void watch(InstanceId instance) {
        long leaseEndNanos = instances.leaseEndNanos(instance);
        if (leaseEndNanos != Long.MAX_VALUE && watched.add(instance)) {
            timers.add(leaseEndNanos, new TimerKey.OfInstance(instance));
        }
    }

    private void checkSessionLease(InstanceId instance, long nowNanos, List<Effect> out) {
        watched.remove(instance);
        if (instances.expire(instance, nowNanos)) {
            onInstanceLost(instance, nowNanos, out);
        }
        watch(instance);
    }

    private Surroundings around(Leader of, long nowNanos) {
        return new Surroundings(settings, state, instances, of.term(), nowNanos);
    }

    private static Answer notLeader(long term) {
        return new Answer.Refused(Answer.Reason.NOT_LEADER, term, "this node does not lead the shard");
    }
}
