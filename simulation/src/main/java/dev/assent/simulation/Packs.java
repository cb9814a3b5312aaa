package dev.assent.simulation;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a shard's shell does with records: those of one turn go out together, one pack after another; a refused one goes out
 * again under another number; those that nobody waits for ride along, or go after a while.
 */
final class Packs {
    private static final long LAZY_NANOS = WorldParameters.SECOND;

    /**
     * @param sinceNanos when its records were submitted for the first time
     */
    record Pack(long number, List<LogRecord> records, long sinceNanos) {}

    private final long uncertainNanos;
    private final List<LogRecord> waiting = new ArrayList<>();
    private final TreeMap<Long, Pack> outstanding = new TreeMap<>();
    private final TreeMap<Long, Pack> refused = new TreeMap<>();
    private boolean isForced;
    private long oldestNanos;
    private long retryAtNanos;
    private long lastNumber;

    Packs(long uncertainNanos) {
        this.uncertainNanos = uncertainNanos;
    }

    void add(LogRecord record, long nowNanos) {
        if (waiting.isEmpty()) {
            oldestNanos = nowNanos;
        }
        waiting.add(record);
        isForced |= record.isForced();
    }

    /** What is to be submitted now, or null. */
    @Nullable
    Pack next(long nowNanos) {
        if (!outstanding.isEmpty() || dueNanos() > nowNanos) {
            return null;
        }
        Pack pack;
        var again = refused.pollFirstEntry();
        if (again == null) {
            pack = new Pack(++lastNumber, List.copyOf(waiting), nowNanos);
            waiting.clear();
            isForced = false;
        } else {
            pack = new Pack(
                    ++lastNumber, again.getValue().records(), again.getValue().sinceNanos());
        }
        outstanding.put(pack.number(), pack);
        return pack;
    }

    void applied(long number) {
        outstanding.remove(number);
    }

    void refused(long number, long nowNanos) {
        Pack pack = outstanding.remove(number);
        if (pack != null) {
            refused.put(number, pack);
            retryAtNanos = nowNanos + 5 * WorldParameters.MILLI;
        }
    }

    void clear() {
        waiting.clear();
        outstanding.clear();
        refused.clear();
        isForced = false;
    }

    long uncertainAtNanos() {
        long since = Long.MAX_VALUE;
        for (Pack pack : outstanding.values()) {
            since = Math.min(since, pack.sinceNanos());
        }
        for (Pack pack : refused.values()) {
            since = Math.min(since, pack.sinceNanos());
        }
        return since == Long.MAX_VALUE ? since : since + uncertainNanos;
    }

    long nextDeadlineNanos() {
        return Math.min(uncertainAtNanos(), outstanding.isEmpty() ? dueNanos() : Long.MAX_VALUE);
    }

    private long dueNanos() {
        if (!refused.isEmpty()) {
            return retryAtNanos;
        }
        if (waiting.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return isForced ? Long.MIN_VALUE : oldestNanos + LAZY_NANOS;
    }
}
