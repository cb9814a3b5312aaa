package dev.assent.protocol.initiator;

import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorEffect.Ask;
import dev.assent.protocol.initiator.InitiatorEffect.BegunAnew;
import dev.assent.protocol.initiator.OpenTransaction.Question;
import dev.assent.protocol.initiator.OpenTransaction.Stage;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Request;
import dev.assent.protocol.time.Timetable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The transactions of this process without a final answer, and what is being asked about them. Not thread-safe. */
final class OpenTransactions {
    private final InitiatorSettings settings;
    private final long salt;
    private final Map<Xid, OpenTransaction> open = new LinkedHashMap<>();
    private final Timetable<Xid> due;
    private final TreeSet<Xid> stale = new TreeSet<>();
    private final Map<Long, Xid> asked = new LinkedHashMap<>();
    private long lastNumber;

    OpenTransactions(InitiatorSettings settings, long salt) {
        this(settings, salt, new Timetable<>());
    }

    private OpenTransactions(InitiatorSettings settings, long salt, Timetable<Xid> due) {
        this.settings = settings;
        this.salt = salt;
        this.due = due;
    }

    OpenTransactions copy() {
        OpenTransactions copy = new OpenTransactions(settings, salt, due.copy());
        copy.open.putAll(open);
        copy.stale.addAll(stale);
        copy.asked.putAll(asked);
        copy.lastNumber = lastNumber;
        return copy;
    }

    int size() {
        return open.size();
    }

    boolean contains(Xid xid) {
        return open.containsKey(xid);
    }

    boolean hasStale() {
        return !stale.isEmpty();
    }

    long nextDeadlineNanos() {
        return due.nextNanos();
    }

    long nextNumber() {
        return ++lastNumber;
    }

    /** The transaction about which this was asked, or null. */
    @Nullable
    OpenTransaction asked(long number) {
        Xid xid = asked.get(number);
        return xid == null ? null : open.get(xid);
    }

    void begun(Xid xid, long timeoutNanos, long nowNanos) {
        long expires = Timetable.after(nowNanos, timeoutNanos);
        long drop = Timetable.after(expires, settings.keptAfterTimeoutNanos());
        keep(new OpenTransaction(xid, expires, drop, Stage.UNTOUCHED, Optional.empty()));
    }

    void touched(Xid xid) {
        OpenTransaction transaction = open.get(xid);
        if (transaction != null && transaction.isUnused()) {
            stale.remove(xid);
            keep(withoutQuestion(transaction).at(Stage.TOUCHED));
        }
    }

    /** The oldest stale transaction goes on under this number. */
    InitiatorEffect beginAnew(Xid fresh) {
        Xid old = stale.first();
        OpenTransaction before = open.get(old);
        drop(old);
        if (before == null) {
            throw new AssertionError("a stale transaction is open: " + old);
        }
        keep(new OpenTransaction(fresh, before.expiresNanos(), before.dropNanos(), Stage.UNTOUCHED, Optional.empty()));
        return new BegunAnew(old, fresh);
    }

    /** A transaction under which nothing was done goes on under a fresh number as soon as there is one. */
    private void turnsStale(OpenTransaction transaction) {
        keep(withoutQuestion(transaction).at(Stage.STALE));
        stale.add(transaction.xid());
    }

    void beginAnswered(OpenTransaction transaction, Answer answer) {
        if (answer instanceof Answer.Begun) {
            keep(withoutQuestion(transaction).at(Stage.OPENED));
        } else if (answer instanceof Answer.Refused refused
                && refused.reason() != Answer.Reason.NOT_LEADER
                && refused.reason() != Answer.Reason.TOO_MANY_TRANSACTIONS) {
            turnsStale(transaction);
        }
    }

    /** Asks for the end of a transaction, unless it is asked for. */
    Optional<InitiatorEffect> end(Xid xid, Request request, long nowNanos) {
        OpenTransaction before = open.get(xid);
        if (before != null && before.stage() == Stage.ENDING) {
            Question asking = before.question().orElseThrow();
            // A commit may still be called off; a rollback never turns into a commit, or a lost one would commit.
            if (asking.isRollback() || !(request instanceof Request.Rollback)) {
                return Optional.empty();
            }
        }
        stale.remove(xid);
        OpenTransaction ending = before != null
                ? withoutQuestion(before).at(Stage.ENDING)
                : new OpenTransaction(xid, Timetable.NEVER, Timetable.NEVER, Stage.ENDING, Optional.empty());
        return Optional.of(ask(ending, new Question(nextNumber(), request, 0, nowNanos), nowNanos));
    }

    /**
     * Asks the new leader what the old one has not answered; what was begun under an earlier term and not used begins
     * anew, since a transaction may commit only in the term in which it began.
     */
    List<InitiatorEffect> leaderReady(int shard, long term, long nowNanos) {
        List<InitiatorEffect> effects = new ArrayList<>();
        for (OpenTransaction transaction : List.copyOf(open.values())) {
            if (transaction.xid().shard() != shard) {
                continue;
            }
            if (transaction.isUnused() && transaction.xid().term() < term) {
                turnsStale(transaction);
            } else {
                transaction.question().ifPresent(it -> effects.add(askAgain(transaction, it, 0, nowNanos)));
            }
        }
        return effects;
    }

    List<InitiatorEffect> tick(long nowNanos) {
        List<InitiatorEffect> effects = new ArrayList<>();
        for (Xid xid : due.due(nowNanos)) {
            OpenTransaction transaction = open.get(xid);
            if (transaction == null) {
                continue;
            }
            if (transaction.stage() != Stage.ENDING && nowNanos >= transaction.dropNanos()) {
                drop(xid);
            } else {
                transaction.question().ifPresent(it -> effects.add(askAgain(transaction, it, it.attempts(), nowNanos)));
            }
        }
        return effects;
    }

    /** The numbers of a returned block that the leader has not heard of are over: it must hear of those in use. */
    List<InitiatorEffect> openUntouched(Leases.Lease lease, long nowNanos) {
        List<InitiatorEffect> effects = new ArrayList<>();
        for (OpenTransaction transaction : List.copyOf(open.values())) {
            Xid xid = transaction.xid();
            boolean isOfBlock = xid.shard() == lease.shard() && BlockId.of(xid).equals(lease.block());
            if (isOfBlock && transaction.stage() == Stage.UNTOUCHED) {
                long left = Math.max(1, transaction.expiresNanos() - nowNanos);
                Request begin = new Request.Begin(Optional.of(xid), left);
                effects.add(ask(transaction, new Question(nextNumber(), begin, 0, nowNanos), nowNanos));
            }
        }
        return effects;
    }

    void drop(Xid xid) {
        OpenTransaction transaction = open.remove(xid);
        if (transaction != null) {
            withoutQuestion(transaction);
        }
        due.remove(xid);
        stale.remove(xid);
    }

    private InitiatorEffect askAgain(OpenTransaction transaction, Question question, int attempts, long nowNanos) {
        return ask(transaction, new Question(question.number(), question.request(), attempts, nowNanos), nowNanos);
    }

    private InitiatorEffect ask(OpenTransaction transaction, Question question, long nowNanos) {
        Xid xid = transaction.xid();
        long next = Timetable.after(nowNanos, settings.ask().delayNanos(question.attempts(), salt + xid.seq()));
        Question said = new Question(question.number(), question.request(), question.attempts() + 1, next);
        asked.put(question.number(), xid);
        keep(transaction.asking(Optional.of(said)));
        return new Ask(xid.shard(), question.number(), question.request());
    }

    private void keep(OpenTransaction transaction) {
        open.put(transaction.xid(), transaction);
        due.set(transaction.xid(), transaction.dueNanos());
    }

    private OpenTransaction withoutQuestion(OpenTransaction transaction) {
        transaction.question().ifPresent(question -> asked.remove(question.number()));
        return transaction.asking(Optional.empty());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("OpenTransactions[");
        open.values().forEach(transaction -> text.append("\n  ").append(transaction));
        return text.append("\n  stale=" + stale + ", asked=" + asked + ", lastNumber=" + lastNumber + "]")
                .toString();
    }
}
