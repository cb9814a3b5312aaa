package dev.assent.simulation.explore;

/**
 * A set of 64-bit fingerprints with open addressing: 8 bytes a state and half of the table full at most. Two different
 * states with one fingerprint would hide one of them; among ten million states that happens once in four hundred
 * thousand walks. Not thread-safe.
 */
final class FingerprintSet {
    private long[] table = new long[1 << 16];
    private int size;

    /** Adds it; false if it was there. */
    boolean add(long fingerprint) {
        long stored = fingerprint == 0 ? 1 : fingerprint;
        if (2 * (size + 1) > table.length) {
            grow();
        }
        int at = slot(table, stored);
        if (table[at] == stored) {
            return false;
        }
        table[at] = stored;
        size++;
        return true;
    }

    int size() {
        return size;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long stored : table) {
            if (stored != 0) {
                larger[slot(larger, stored)] = stored;
            }
        }
        table = larger;
    }

    /** Where it is, or where it belongs. */
    private static int slot(long[] table, long stored) {
        int mask = table.length - 1;
        int at = (int) (stored >>> 32) & mask;
        while (table[at] != 0 && table[at] != stored) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
