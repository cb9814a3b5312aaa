package dev.assent.protocol.initiator;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorEffect.Begun;
import dev.assent.protocol.initiator.InitiatorEffect.Settled;
import dev.assent.protocol.initiator.OpenTransaction.Question;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Request;
import dev.assent.protocol.time.Backoff;
import dev.assent.protocol.time.Timetable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The transactions that one process begins: numbered from leased blocks without asking anybody, ended by a question that
 * is asked until it is answered for good. A leader that goes away decides nothing: the next one is asked the same, and
 * the first final answer is kept and told to everybody, for ever as far as memory goes.
 *
 * <p>Duty of the driver, beside those of {@code dev.assent.protocol}: {@code Touched} is given before anything of the
 * transaction leaves the process, and names the xid as {@code BegunAnew} last changed it. Not thread-safe.
 */
public final class InitiatorCore {
    private final InitiatorSettings settings;
    private final long salt;
    private final ClusterId cluster;
    private final Leases leases;
    private final OpenTransactions open;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    private final Map<Xid, Answer> settled = new LinkedHashMap<>();
    private final OutcomeQuestions outcomes;
    private long nowNanos = Long.MIN_VALUE;

    /** A caller without a number. */
    private record Waiting(long timeoutNanos, long deadlineNanos) {}

    /**
     * @param cluster whose numbers it uses
     * @param self this life of the process; spreads its repetitions
     * @param settings its times
     */
    public InitiatorCore(ClusterId cluster, InstanceId self, InitiatorSettings settings) {
        this.settings = settings;
        this.salt = Backoff.salt(self);
        this.cluster = cluster;
        this.leases = new Leases(cluster, settings, salt);
        this.open = new OpenTransactions(settings, salt);
        this.outcomes = new OutcomeQuestions(settings, salt);
    }

    private InitiatorCore(InitiatorCore other) {
        this.settings = other.settings;
        this.salt = other.salt;
        this.cluster = other.cluster;
        this.leases = other.leases.copy();
        this.open = other.open.copy();
        this.waiting.putAll(other.waiting);
        this.settled.putAll(other.settled);
        this.outcomes = other.outcomes.copy();
        this.nowNanos = other.nowNanos;
    }

    /**
     * Takes one input.
     *
     * @return what must be done, in this order
     */
    public List<InitiatorEffect> on(InitiatorInput input, long now) {
        nowNanos = now;
        List<InitiatorEffect> effects = new ArrayList<>();
        if (input instanceof InitiatorInput.BeginWanted wanted) {
            leases.want();
            waiting.put(
                    wanted.token(), new Waiting(wanted.timeoutNanos(), Timetable.after(now, wanted.patienceNanos())));
        } else if (input instanceof InitiatorInput.Touched touched) {
            open.touched(touched.xid());
        } else if (input instanceof InitiatorInput.CommitWanted wanted) {
            end(wanted.xid(), new Request.Commit(wanted.xid(), wanted.mode(), wanted.sums()), effects);
        } else if (input instanceof InitiatorInput.RollbackWanted wanted) {
            end(wanted.xid(), new Request.Rollback(wanted.xid(), wanted.cause()), effects);
        } else if (input instanceof InitiatorInput.OutcomeWanted wanted) {
            outcomeWanted(wanted.xid(), effects);
        } else if (input instanceof InitiatorInput.Leased leased) {
            leases.leased(leased.shard(), leased.lease(), now);
        } else if (input instanceof InitiatorInput.Answered answered) {
            answered(answered.number(), answered.answer(), effects);
        } else if (input instanceof InitiatorInput.LeaderReady ready) {
            leaderReady(ready.shard(), ready.term(), effects);
        } else {
            tick(effects);
        }
        serve(effects);
        effects.addAll(leases.refill(now));
        return effects;
    }

    /** When a tick is due, or {@link Long#MAX_VALUE}. */
    public long nextDeadlineNanos() {
        long next = Math.min(
                open.nextDeadlineNanos(), Math.min(outcomes.nextDeadlineNanos(), leases.nextDeadlineNanos(nowNanos)));
        for (Waiting caller : waiting.values()) {
            next = Math.min(next, caller.deadlineNanos());
        }
        return next;
    }

    /** How many transactions of this process have no final answer yet. */
    public int openCount() {
        return open.size();
    }

    /** A core with the same state, which goes its own way from here. */
    public InitiatorCore copy() {
        return new InitiatorCore(this);
    }

    /** The state, field by field in a fixed order: equal states give equal text, in every process. */
    public String canonical() {
        StringBuilder text = new StringBuilder(leases.toString());
        text.append('\n').append(open);
        waiting.forEach((token, caller) ->
                text.append("\nwaiting ").append(token).append(' ').append(caller));
        settled.forEach((xid, answer) ->
                text.append("\nsettled ").append(xid).append(' ').append(answer));
        return text.append('\n').append(outcomes).toString();
    }

    // ---- beginning ----

    /** Gives out numbers as far as there are any: first to transactions that begin anew, then to callers in order. */
    private void serve(List<InitiatorEffect> effects) {
        while (open.hasStale()) {
            Optional<Xid> fresh = leases.take(nowNanos);
            if (fresh.isEmpty()) {
                return;
            }
            effects.add(open.beginAnew(fresh.get()));
        }
        while (!waiting.isEmpty()) {
            Optional<Xid> fresh = leases.take(nowNanos);
            if (fresh.isEmpty()) {
                return;
            }
            long token = waiting.keySet().iterator().next();
            Waiting caller = waiting.remove(token);
            long timeout = caller == null ? 0 : caller.timeoutNanos();
            open.begun(fresh.get(), timeout, nowNanos);
            effects.add(new Begun(token, fresh.get()));
        }
    }

    // ---- ending ----

    private void end(Xid xid, Request request, List<InitiatorEffect> effects) {
        Answer known = settled.get(xid);
        if (known != null) {
            effects.add(new Settled(xid, known));
            return;
        }
        open.end(xid, request, nowNanos).ifPresent(effects::add);
    }

    private void answered(long number, Answer answer, List<InitiatorEffect> effects) {
        OpenTransaction transaction = open.asked(number);
        if (transaction == null) {
            outcomeAnswered(number, answer, effects);
            return;
        }
        Question question = transaction.question().orElseThrow();
        if (question.isBegin()) {
            open.beginAnswered(transaction, answer);
        } else if (isFinal(answer)) {
            settle(transaction.xid(), answer, effects);
        }
        // Anything else: the question is repeated, by the clock and to the next leader.
    }

    /** Whether no other node and no later time would say something else. */
    private static boolean isFinal(Answer answer) {
        if (answer instanceof Answer.Refused refused) {
            return switch (refused.reason()) {
                case FOREIGN, INVALID, WRONG_SHARD -> true;
                case NOT_LEADER, STALE_BEGIN, TOO_MANY_TRANSACTIONS, NOT_APPLICABLE -> false;
            };
        }
        return !(answer instanceof Answer.Pending || answer instanceof Answer.Begun || answer instanceof Answer.Done);
    }

    private void settle(Xid xid, Answer answer, List<InitiatorEffect> effects) {
        open.drop(xid);
        settled.putIfAbsent(xid, answer);
        if (settled.size() > settings.rememberedCount()) {
            settled.remove(settled.keySet().iterator().next());
        }
        effects.add(new Settled(xid, settled.getOrDefault(xid, answer)));
    }

    private void outcomeWanted(Xid xid, List<InitiatorEffect> effects) {
        Answer known = settled.get(xid);
        if (known != null) {
            effects.add(new Settled(xid, known));
        } else if (!xid.cluster().equals(cluster)) {
            // On the way the stream stands for the cluster: the leader would speak of its own transaction of this
            // number.
            String why = "transaction " + xid + " is of another cluster, or another life of it, than " + cluster;
            effects.add(new Settled(xid, new Answer.Refused(Answer.Reason.FOREIGN, 0, why)));
        } else if (open.contains(xid)) {
            // A question about a number that the coordinator has not heard of would close it; and the one who commits
            // may wait for more than the decision.
            effects.add(new InitiatorEffect.StillPending(xid));
        } else if (!outcomes.isAsked(xid)) {
            effects.add(outcomes.ask(xid, open.nextNumber(), nowNanos));
        }
    }

    private void outcomeAnswered(long number, Answer answer, List<InitiatorEffect> effects) {
        Xid xid = outcomes.xidOf(number);
        if (xid == null || (!isFinal(answer) && !(answer instanceof Answer.Pending))) {
            return;
        }
        outcomes.remove(xid);
        if (isFinal(answer) && !open.contains(xid)) {
            settle(xid, answer, effects);
        } else {
            effects.add(new InitiatorEffect.StillPending(xid));
        }
    }

    // ---- leaders and time ----

    private void leaderReady(int shard, long term, List<InitiatorEffect> effects) {
        if (term < leases.term(shard)) {
            return;
        }
        leases.leaderReady(shard, term, nowNanos);
        effects.addAll(open.leaderReady(shard, term, nowNanos));
        effects.addAll(outcomes.leaderReady(shard, nowNanos));
    }

    private void tick(List<InitiatorEffect> effects) {
        effects.addAll(open.tick(nowNanos));
        for (Leases.Lease stopped : leases.stop(!waiting.isEmpty() || open.hasStale(), nowNanos)) {
            effects.addAll(open.openUntouched(stopped, nowNanos));
        }
        effects.addAll(leases.giveBack(nowNanos));
        outcomes.tick(nowNanos, effects);
        serve(effects);
        for (Map.Entry<Long, Waiting> caller : List.copyOf(waiting.entrySet())) {
            if (nowNanos >= caller.getValue().deadlineNanos()) {
                waiting.remove(caller.getKey());
                effects.add(new InitiatorEffect.BeginFailed(caller.getKey()));
            }
        }
    }
}
