package dev.assent.protocol.coordinator;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect.Append;
import dev.assent.protocol.coordinator.Effect.Send;
import dev.assent.protocol.coordinator.Transaction.Active;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ready leader: the memory of one term, from the moment its own {@code LeaderStarted} stands until it stops leading.
 * Nothing of it is carried into another term; what is not in the log is rebuilt or asked for.
 */
final class Leader {
    /** An instance that leases more than this without using them is broken. */
    private static final int MAX_LEASES_PER_INSTANCE = 64;

    private final long term;
    private final ShardSettings settings;
    private final ReplicatedState state;
    private final TimerWheel<TimerKey> timers;
    private final Transactions transactions;
    private final Leases leases;
    private final Forgetting forgetting;
    /** Heuristics of transactions that are over, on their way through the log. */
    private final Set<LogRecord.HeuristicFound> heuristicsInFlight = new LinkedHashSet<>();
    /** Operators whose record is on its way; the same wish of several is one record. */
    private final Map<LogRecord, List<RequestId>> operators = new LinkedHashMap<>();

    Leader(long term, ShardSettings settings, ReplicatedState state, TimerWheel<TimerKey> timers, long nowNanos) {
        this.term = term;
        this.settings = settings;
        this.state = state;
        this.timers = timers;
        this.transactions =
                new Transactions((deadlineNanos, xid) -> timers.add(deadlineNanos, new TimerKey.OfTransaction(xid)));
        this.leases = new Leases(term, settings.leaseNanos());
        this.forgetting = new Forgetting(settings, term, nowNanos);
        timers.add(nowNanos + settings.forgetEveryNanos(), new TimerKey.OfForgetting(term));
    }

    private Leader(Leader other, ReplicatedState itsState, TimerWheel<TimerKey> itsTimers) {
        this.term = other.term;
        this.settings = other.settings;
        this.state = itsState;
        this.timers = itsTimers;
        this.transactions = other.transactions.copy(
                (deadlineNanos, xid) -> itsTimers.add(deadlineNanos, new TimerKey.OfTransaction(xid)));
        this.leases = other.leases.copy();
        this.forgetting = other.forgetting.copy();
        this.heuristicsInFlight.addAll(other.heuristicsInFlight);
        other.operators.forEach((record, waiting) -> operators.put(record, new ArrayList<>(waiting)));
    }

    /** The same memory over other state and timers, which are copies of its own. */
    Leader copy(ReplicatedState itsState, TimerWheel<TimerKey> itsTimers) {
        return new Leader(this, itsState, itsTimers);
    }

    /** Field by field, except what is shared with the core. */
    @Override
    public String toString() {
        return "Leader[term=" + term + ", " + transactions + ", " + leases + ", " + forgetting + ", heuristicsInFlight="
                + heuristicsInFlight + ", operators=" + operators + "]";
    }

    long term() {
        return term;
    }

    Transactions transactions() {
        return transactions;
    }

    /** Whoever is listed is told again: whom the old leader reached is not known. */
    void resume(Surroundings around, List<Effect> out) {
        for (LogRecord.CommitDecided decided : state.decisions()) {
            carryOut(decided.xid(), PhaseTwo.resume(decided, around), out);
        }
    }

    // ---- transactions ----

    /** Gives the input to the transaction, which is in memory. */
    void deliver(Xid xid, TransactionInput input, Surroundings around, List<Effect> out) {
        Transaction transaction = transactions.get(xid).orElseThrow(() -> new AssertionError("not in memory: " + xid));
        carryOut(xid, TwoPhaseCommit.step(transaction, input, around), out);
    }

    /** Gives the input to the transaction, if it is in memory. */
    boolean deliverIfHeld(Xid xid, TransactionInput input, Surroundings around, List<Effect> out) {
        boolean isHeld = transactions.get(xid).isPresent();
        if (isHeld) {
            deliver(xid, input, around, out);
        }
        return isHeld;
    }

    private void carryOut(Xid xid, Step step, List<Effect> out) {
        step.next().ifPresentOrElse(transactions::put, () -> transactions.remove(xid));
        out.addAll(step.effects());
    }

    /** What the log and the leases say of an xid that is not in memory, of this shard and of no later term. */
    Standing standing(Xid xid) {
        if (state.decision(xid).isPresent()) {
            return Standing.LISTED;
        } else if (state.isEnded(xid)) {
            return Standing.ENDED;
        } else if (state.isForgotten(xid)) {
            return Standing.FORGOTTEN;
        } else if (xid.term() < term) {
            return Standing.EARLIER;
        } else if (!leases.isLeased(xid.seq())) {
            return Standing.NEVER_LEASED;
        }
        return leases.isUnopened(xid.seq()) ? Standing.UNOPENED : Standing.OVER;
    }

    /** The first message about a number: it is open from now on, and never again afterwards. */
    void openActive(Xid xid, long timeoutNanos, long nowNanos) {
        close(xid);
        transactions.put(new Active(xid, List.of(), nowNanos + settings.timeoutFor(timeoutNanos)));
    }

    /** The first message about a number leaves nothing to do: it is over. */
    void close(Xid xid) {
        boolean wasOpened = leases.open(xid.seq());
        if (!wasOpened) {
            throw new AssertionError("opened twice: " + xid);
        }
    }

    /** Opens a transaction with a number of the leader's own. */
    Xid openOwn(ShardIdentity identity, long timeoutNanos, long nowNanos) {
        Xid xid = new Xid(identity.cluster(), identity.shard(), term, leases.openOwn());
        transactions.put(new Active(xid, List.of(), nowNanos + settings.timeoutFor(timeoutNanos)));
        return xid;
    }

    boolean isFull() {
        return transactions.size() >= settings.maxTransactions();
    }

    // ---- leases and instances ----

    void lease(InstanceId instance, long nowNanos, List<Effect> out) {
        if (leases.countOf(instance) < MAX_LEASES_PER_INSTANCE) {
            BlockId block = leases.lease(instance, nowNanos);
            timers.add(nowNanos + settings.leaseNanos(), new TimerKey.OfLeases());
            out.add(new Send(instance, new Command.Lease(block, settings.leaseNanos())));
        }
    }

    void leaseReturned(InstanceId instance, BlockId block) {
        leases.returned(instance, block);
    }

    void instanceLost(InstanceId instance, Surroundings around, List<Effect> out) {
        leases.lost(instance);
        transactions.forEach(tx -> deliver(tx.xid(), new TransactionInput.InstanceLost(instance), around, out));
    }

    void instanceBack(InstanceId instance, Surroundings around, List<Effect> out) {
        transactions.forEach(tx -> deliver(tx.xid(), new TransactionInput.InstanceBack(instance), around, out));
    }

    // ---- time ----

    void woken(Xid xid, Surroundings around, List<Effect> out) {
        if (transactions.isDue(xid, around.nowNanos())) {
            deliver(xid, new TransactionInput.Woken(), around, out);
        }
    }

    void expireLeases(long nowNanos) {
        leases.expire(nowNanos);
    }

    void forget(long nowNanos, List<Effect> out) {
        timers.add(nowNanos + settings.forgetEveryNanos(), new TimerKey.OfForgetting(term));
        Set<BlockId> inUse = new LinkedHashSet<>(leases.openBlocks());
        transactions.forEach(tx -> inUse.add(BlockId.of(tx.xid())));
        state.decisions().forEach(decided -> inUse.add(BlockId.of(decided.xid())));
        forgetting
                .due(state, inUse::contains, nowNanos)
                .forEach(block -> out.add(new Append(new LogRecord.Forgotten(block))));
    }

    // ---- what operators and participants found ----

    /** Records that a branch of an aborted transaction was committed by somebody else. */
    void foundCommitted(LogRecord.HeuristicFound found, List<Effect> out) {
        boolean isKnown = state.heuristics(found.xid()).stream()
                .anyMatch(known -> known.branch().equals(found.branch()));
        if (!isKnown && heuristicsInFlight.add(found)) {
            out.add(new Append(found));
        }
    }

    void submitForOperator(RequestId request, LogRecord record, List<Effect> out) {
        List<RequestId> waiting = operators.get(record);
        if (waiting != null) {
            waiting.add(request);
            return;
        }
        operators.put(record, new ArrayList<>(List.of(request)));
        out.add(new Append(record));
    }

    List<RequestId> operatorsOf(LogRecord record) {
        List<RequestId> waiting = operators.remove(record);
        return waiting == null ? List.of() : waiting;
    }

    void heuristicApplied(LogRecord.HeuristicFound found) {
        heuristicsInFlight.remove(found);
    }

    void ended(Xid xid, long nowNanos) {
        forgetting.ended(BlockId.of(xid), nowNanos);
    }

    void forgotten(BlockId block) {
        forgetting.forgotten(block);
    }

    /** Everybody who waits for an answer. */
    List<RequestId> waiting() {
        List<RequestId> waiting = new ArrayList<>();
        operators.values().forEach(waiting::addAll);
        transactions.forEach(tx -> {
            List<Waiter> waiters = List.of();
            if (tx instanceof Transaction.Preparing preparing) {
                waiters = preparing.waiters();
            } else if (tx instanceof Transaction.Deciding deciding) {
                waiters = deciding.waiters();
            } else if (tx instanceof Transaction.Committing committing) {
                waiters = committing.waiters();
            }
            waiters.forEach(waiter -> waiting.add(waiter.request()));
        });
        return waiting;
    }
}
