package dev.assent.protocol.initiator;

import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Request;
import dev.assent.protocol.time.Timetable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Questions what became of transactions that this process does not hold. Not thread-safe. */
final class OutcomeQuestions {
    /**
     * @param number comes back with the answer
     * @param attempts how often it was asked since the last news of a leader
     * @param nextNanos when it is asked again
     * @param giveUpNanos when whoever asked is told to ask again
     */
    private record Pending(long number, int attempts, long nextNanos, long giveUpNanos) {}

    private final InitiatorSettings settings;
    private final long salt;
    private final Map<Xid, Pending> pending = new LinkedHashMap<>();
    private final Map<Long, Xid> numbers = new LinkedHashMap<>();

    OutcomeQuestions(InitiatorSettings settings, long salt) {
        this.settings = settings;
        this.salt = salt;
    }

    OutcomeQuestions copy() {
        OutcomeQuestions copy = new OutcomeQuestions(settings, salt);
        copy.pending.putAll(pending);
        copy.numbers.putAll(numbers);
        return copy;
    }

    boolean isAsked(Xid xid) {
        return pending.containsKey(xid);
    }

    @Nullable
    Xid xidOf(long number) {
        return numbers.get(number);
    }

    InitiatorEffect ask(Xid xid, long number, long nowNanos) {
        numbers.put(number, xid);
        return ask(
                xid, new Pending(number, 0, 0, Timetable.after(nowNanos, settings.keptAfterTimeoutNanos())), nowNanos);
    }

    private InitiatorEffect ask(Xid xid, Pending question, long nowNanos) {
        long next = Timetable.after(nowNanos, settings.ask().delayNanos(question.attempts(), salt + xid.seq()));
        pending.put(xid, new Pending(question.number(), question.attempts() + 1, next, question.giveUpNanos()));
        return new InitiatorEffect.Ask(xid.shard(), question.number(), new Request.OutcomeQuestion(xid));
    }

    void remove(Xid xid) {
        Pending question = pending.remove(xid);
        if (question != null) {
            numbers.remove(question.number());
        }
    }

    List<InitiatorEffect> leaderReady(int shard, long nowNanos) {
        List<InitiatorEffect> effects = new ArrayList<>();
        for (Map.Entry<Xid, Pending> entry : List.copyOf(pending.entrySet())) {
            Pending question = entry.getValue();
            if (entry.getKey().shard() == shard) {
                effects.add(
                        ask(entry.getKey(), new Pending(question.number(), 0, 0, question.giveUpNanos()), nowNanos));
            }
        }
        return effects;
    }

    void tick(long nowNanos, List<InitiatorEffect> effects) {
        for (Map.Entry<Xid, Pending> entry : List.copyOf(pending.entrySet())) {
            Pending question = entry.getValue();
            if (nowNanos >= question.giveUpNanos()) {
                remove(entry.getKey());
                effects.add(new InitiatorEffect.StillPending(entry.getKey()));
            } else if (nowNanos >= question.nextNanos()) {
                effects.add(ask(entry.getKey(), question, nowNanos));
            }
        }
    }

    long nextDeadlineNanos() {
        long next = Timetable.NEVER;
        for (Pending question : pending.values()) {
            next = Math.min(next, Math.min(question.nextNanos(), question.giveUpNanos()));
        }
        return next;
    }

    @Override
    public String toString() {
        return "OutcomeQuestions" + pending;
    }
}
