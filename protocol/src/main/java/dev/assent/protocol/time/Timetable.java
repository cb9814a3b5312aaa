package dev.assent.protocol.time;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When each of many things falls due. One entry a key; ties go in the order of the keys. Not thread-safe.
 *
 * @param <K> what falls due; its order must be total and fit {@code equals}
 */
public final class Timetable<K extends Comparable<? super K>> {
    /** The instant of what never falls due. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Map<K, Long> instants = new LinkedHashMap<>();
    private final TreeMap<Long, TreeMap<K, Boolean>> keys = new TreeMap<>();

    public Timetable() {}

    private Timetable(Timetable<K> other) {
        other.instants.forEach(this::set);
    }

    /** The instant this long after another, at the latest {@link #NEVER}. */
    public static long after(long nowNanos, long delayNanos) {
        long instant = nowNanos + delayNanos;
        return delayNanos > 0 && instant < nowNanos ? NEVER : instant;
    }

    /** Sets or moves the instant of a key; {@link #NEVER} removes it. */
    public void set(K key, long nanos) {
        Long before = nanos == NEVER ? instants.remove(key) : instants.put(key, nanos);
        if (before != null && before != nanos) {
            TreeMap<K, Boolean> sameInstant = keys.get(before);
            if (sameInstant != null) {
                sameInstant.remove(key);
                if (sameInstant.isEmpty()) {
                    keys.remove(before);
                }
            }
        }
        if (nanos != NEVER) {
            keys.computeIfAbsent(nanos, unused -> new TreeMap<>()).put(key, true);
        }
    }

    public void remove(K key) {
        set(key, NEVER);
    }

    /** The earliest instant, or {@link #NEVER}. */
    public long nextNanos() {
        return keys.isEmpty() ? NEVER : keys.firstKey();
    }

    /** The keys that are due, earliest first. They stay due until they are set anew or removed. */
    public List<K> due(long nowNanos) {
        List<K> due = new ArrayList<>();
        keys.headMap(nowNanos, true).values().forEach(sameInstant -> due.addAll(sameInstant.keySet()));
        return due;
    }

    public Timetable<K> copy() {
        return new Timetable<>(this);
    }
}
