package dev.assent.simulation.explore;

import org.jspecify.annotations.Nullable;

/**
 * What was computed once for a state and a step. Open addressing over the two numbers in one word; not thread-safe.
 *
 * @param <V> what follows
 */
final class Memo<V> {
    private long[] keys = new long[1 << 12];
    private @Nullable Object[] values = new @Nullable Object[1 << 12];
    private int size;

    @SuppressWarnings("unchecked")
    @Nullable
    V get(int state, int step) {
        return (V) values[slot(keys, key(state, step))];
    }

    void put(int state, int step, V value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        long key = key(state, step);
        int at = slot(keys, key);
        size += values[at] == null ? 1 : 0;
        keys[at] = key;
        values[at] = value;
    }

    /** How many there are. */
    int size() {
        return size;
    }

    private void grow() {
        long[] largerKeys = new long[keys.length * 2];
        @Nullable Object[] largerValues = new @Nullable Object[keys.length * 2];
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != null) {
                int at = slot(largerKeys, keys[i]);
                largerKeys[at] = keys[i];
                largerValues[at] = values[i];
            }
        }
        keys = largerKeys;
        values = largerValues;
    }

    private static long key(int state, int step) {
        return ((long) state << 32 | step) + 1;
    }

    private static int slot(long[] keys, long key) {
        int mask = keys.length - 1;
        int at = (int) (Canonical.mix(key) >>> 32) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
