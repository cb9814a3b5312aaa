package dev.assent.coordinator.shard;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gathers records, in order, and makes packs of them: one entry of the log for everything that is ready at the same
 * moment. While as many packs as allowed are out, records wait, and that is the batching; a record that somebody waits for
 * never waits for company otherwise. Belongs to the shard's thread.
 *
 * <p>A pack leaves here in three ways only: applied; or the leadership ended; or refused for certain, and then the same
 * records go out again under another number, before anything newer.
 */
final class Packer {
    private static final long FIRST_RETRY_NANOS = 1_000_000;
    private static final int MOST_DOUBLINGS = 7;

    private final LoopSettings settings;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final TreeMap<Long, Pack> outstanding = new TreeMap<>();
    private final TreeMap<Long, Pack> refused = new TreeMap<>();
    private int forcedCount;
    private long retryAtNanos;
    private long lastNumber;

    private record Waiting(LogRecord record, int bytes, long sinceNanos) {}

    /**
     * An entry of the log.
     *
     * @param number counts the submissions of the loop's life, from 1
     * @param sinceNanos when these records were submitted for the first time
     * @param refusals how often since
     */
    record Pack(long number, List<LogRecord> records, long sinceNanos, int refusals) {}

    Packer(LoopSettings settings) {
        this.settings = settings;
    }

    void add(LogRecord record, long nowNanos) {
        waiting.add(new Waiting(record, RecordBytes.of(record), nowNanos));
        if (record.isForced()) {
            forcedCount++;
        }
    }

    /** The next pack to submit now, if one is due and may be outstanding. */
    Optional<Pack> next(long nowNanos) {
        if (outstanding.size() >= settings.packsOutstanding() || firstDueNanos() > nowNanos) {
            return Optional.empty();
        }
        Pack pack;
        Map.Entry<Long, Pack> again = refused.pollFirstEntry();
        if (again == null) {
            pack = new Pack(++lastNumber, takeWaiting(), nowNanos, 0);
        } else {
            Pack first = again.getValue();
            pack = new Pack(++lastNumber, first.records(), first.sinceNanos(), first.refusals());
        }
        outstanding.put(pack.number(), pack);
        return Optional.of(pack);
    }

    /** The pack's fate is known; later words about it change nothing. */
    void applied(long number) {
        outstanding.remove(number);
    }

    /** The pack is to go out again. Not at once: a log that is changing its leader refuses until it has done so. */
    void refused(long number, long nowNanos) {
        Pack pack = outstanding.remove(number);
        if (pack != null) {
            refused.put(number, new Pack(number, pack.records(), pack.sinceNanos(), pack.refusals() + 1));
            retryAtNanos = nowNanos + (FIRST_RETRY_NANOS << Math.min(pack.refusals(), MOST_DOUBLINGS));
        }
    }

    /** The leadership ended: nothing that waits is submitted any more, and no fate of what is out matters here. */
    void clear() {
        waiting.clear();
        outstanding.clear();
        refused.clear();
        forcedCount = 0;
    }

    /** When records have been without a fate for too long; {@link Long#MAX_VALUE} if none are out. */
    long uncertainAtNanos() {
        long since = Long.MAX_VALUE;
        for (Pack pack : outstanding.values()) {
            since = Math.min(since, pack.sinceNanos());
        }
        for (Pack pack : refused.values()) {
            since = Math.min(since, pack.sinceNanos());
        }
        return since == Long.MAX_VALUE ? since : since + settings.uncertainNanos();
    }

    /** When {@link #next} or {@link #uncertainAtNanos} wants to be looked at again without any arrival. */
    long nextDeadlineNanos() {
        boolean isFull = outstanding.size() >= settings.packsOutstanding();
        return Math.min(uncertainAtNanos(), isFull ? Long.MAX_VALUE : firstDueNanos());
    }

    private long firstDueNanos() {
        if (!refused.isEmpty()) {
            return retryAtNanos;
        }
        Waiting oldest = waiting.peekFirst();
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        boolean isDueNow = forcedCount > 0 || waiting.size() >= settings.lazyCount();
        return isDueNow ? Long.MIN_VALUE : oldest.sinceNanos() + settings.lazyNanos();
    }

    private List<LogRecord> takeWaiting() {
        List<LogRecord> records = new ArrayList<>();
        int bytes = 0;
        Waiting head = waiting.peekFirst();
        while (head != null && (records.isEmpty() || bytes + head.bytes() <= settings.packBytes())) {
            waiting.removeFirst();
            records.add(head.record());
            bytes += head.bytes();
            if (head.record().isForced()) {
                forcedCount--;
            }
            head = waiting.peekFirst();
        }
        return List.copyOf(records);
    }
}
