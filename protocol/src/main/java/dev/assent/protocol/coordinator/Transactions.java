package dev.assent.protocol.coordinator;

import dev.assent.protocol.Xid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The transactions in the memory of one term's leader, each with the earliest timer that will wake it. Timers are never
 * cancelled: one that fires early is set anew.
 */
final class Transactions {
    private static final class Entry {
        Transaction transaction;
        long wakeNanos;

        Entry(Transaction transaction) {
            this.transaction = transaction;
            this.wakeNanos = Long.MAX_VALUE;
        }
    }

    /** Sets a timer. */
    interface Alarm {
        void set(long deadlineNanos, Xid xid);
    }

    private final Map<Xid, Entry> entries = new LinkedHashMap<>();
    private final Alarm alarm;

    Transactions(Alarm alarm) {
        this.alarm = alarm;
    }

    /** The same transactions, whose next alarms go elsewhere. */
    Transactions copy(Alarm itsAlarm) {
        Transactions copy = new Transactions(itsAlarm);
        entries.forEach((xid, entry) -> {
            Entry itsEntry = new Entry(entry.transaction);
            itsEntry.wakeNanos = entry.wakeNanos;
            copy.entries.put(xid, itsEntry);
        });
        return copy;
    }

    Optional<Transaction> get(Xid xid) {
        Entry entry = entries.get(xid);
        return entry == null ? Optional.empty() : Optional.of(entry.transaction);
    }

    void put(Transaction transaction) {
        Entry entry = entries.computeIfAbsent(transaction.xid(), xid -> new Entry(transaction));
        entry.transaction = transaction;
        arm(entry);
    }

    void remove(Xid xid) {
        entries.remove(xid);
    }

    /** A timer of the transaction fired: true if it is really due; else it is set anew. */
    boolean isDue(Xid xid, long nowNanos) {
        Entry entry = entries.get(xid);
        if (entry == null) {
            return false;
        }
        if (entry.wakeNanos <= nowNanos) {
            entry.wakeNanos = Long.MAX_VALUE;
        }
        if (entry.transaction.wakeNanos() <= nowNanos) {
            return true;
        }
        arm(entry);
        return false;
    }

    private void arm(Entry entry) {
        long wakeNanos = entry.transaction.wakeNanos();
        if (wakeNanos < entry.wakeNanos) {
            entry.wakeNanos = wakeNanos;
            alarm.set(wakeNanos, entry.transaction.xid());
        }
    }

    /** Visits all, in the order in which they were opened; the visitor may change them. */
    void forEach(Consumer<Transaction> visitor) {
        new ArrayList<>(entries.values()).forEach(entry -> visitor.accept(entry.transaction));
    }

    List<Transaction> first(int limit) {
        return entries.values().stream()
                .limit(limit)
                .map(entry -> entry.transaction)
                .toList();
    }

    int size() {
        return entries.size();
    }

    /** Field by field; alarms apart, which follow from the transactions. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Transactions[");
        entries.values().forEach(entry -> text.append("\n  transaction ").append(entry.transaction));
        return text.append(']').toString();
    }
}
