package dev.assent.simulation;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a shard's shell does with records: those of one turn go out together, as many packs at a time as may be out; a refused
 * one goes out again under another number; those that nobody waits for ride along, or go after a while.
 */
final class Packs {
    private static final long LAZY_NANOS = WorldParameters.SECOND;

    /**
     * @param sinceNanos when its records were submitted for the first time
     * @param refusals how often since
     */
    record Pack(long number, List<LogRecord> records, long sinceNanos, int refusals) {}

    private static final int MOST_DOUBLINGS = 7;

    private final WorldParameters.LogParameters limits;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final TreeMap<Long, Pack> outstanding = new TreeMap<>();
    private final TreeMap<Long, Pack> refused = new TreeMap<>();
    private int forced;
    private long retryAtNanos;
    private long lastNumber;
    private long lastApplied;
    private boolean isOvertaken;

    private record Waiting(LogRecord record, long sinceNanos) {}

    Packs(WorldParameters.LogParameters limits) {
        this.limits = limits;
    }

    void add(LogRecord record, long nowNanos) {
        waiting.add(new Waiting(record, nowNanos));
        forced += record.isForced() ? 1 : 0;
    }

    /** What is to be submitted now, or null. */
    @Nullable
    Pack next(long nowNanos) {
        if (outstanding.size() >= limits.packsOutstanding() || dueNanos() > nowNanos) {
            return null;
        }
        Pack pack;
        var again = refused.pollFirstEntry();
        if (again == null) {
            pack = new Pack(++lastNumber, takeWaiting(), nowNanos, 0);
        } else {
            Pack first = again.getValue();
            isOvertaken = again.getKey() < lastApplied;
            pack = new Pack(++lastNumber, first.records(), first.sinceNanos(), first.refusals());
        }
        outstanding.put(pack.number(), pack);
        return pack;
    }

    /** Whether what was submitted last is older than what was applied already. */
    boolean isOvertaken() {
        return isOvertaken;
    }

    private List<LogRecord> takeWaiting() {
        List<LogRecord> records = new ArrayList<>();
        for (int left = Math.min(limits.packRecords(), waiting.size()); left > 0; left--) {
            LogRecord record = waiting.remove().record();
            records.add(record);
            forced -= record.isForced() ? 1 : 0;
        }
        return List.copyOf(records);
    }

    void applied(long number) {
        outstanding.remove(number);
        lastApplied = Math.max(lastApplied, number);
    }

    void refused(long number, long nowNanos) {
        Pack pack = outstanding.remove(number);
        if (pack != null) {
            refused.put(number, new Pack(number, pack.records(), pack.sinceNanos(), pack.refusals() + 1));
            retryAtNanos = nowNanos + (WorldParameters.MILLI << Math.min(pack.refusals(), MOST_DOUBLINGS));
        }
    }

    void clear() {
        waiting.clear();
        outstanding.clear();
        refused.clear();
        forced = 0;
    }

    long uncertainAtNanos() {
        long since = Long.MAX_VALUE;
        for (Pack pack : outstanding.values()) {
            since = Math.min(since, pack.sinceNanos());
        }
        for (Pack pack : refused.values()) {
            since = Math.min(since, pack.sinceNanos());
        }
        return since == Long.MAX_VALUE ? since : since + limits.uncertainNanos();
    }

    long nextDeadlineNanos() {
        boolean isFull = outstanding.size() >= limits.packsOutstanding();
        return Math.min(uncertainAtNanos(), isFull ? Long.MAX_VALUE : dueNanos());
    }

    private long dueNanos() {
        if (!refused.isEmpty()) {
            return retryAtNanos;
        }
        Waiting oldest = waiting.peekFirst();
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        return forced > 0 ? Long.MIN_VALUE : oldest.sinceNanos() + LAZY_NANOS;
    }
}
