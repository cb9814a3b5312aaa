package dev.assent.simulation.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states that were seen, of each only those that no other covers: for all that a state says but the messages under
 * way and what the initiator was told, the greatest sets of these ({@link Reduction#COVERED}; antichains as in De Wulf,
 * Doyen, Henzinger and Raskin, 2006). About 35 bytes a state. Not thread-safe.
 */
final class Covered {
    private static final int NONE = -1;

    private final Cast cast;
    private final Fingerprint fingerprint;
    private final Map<Long, Integer> messageNumbers = new HashMap<>();
    /** By order of the slots and number of a message: 1 + the number of what it becomes. */
    private final int[][] renamed;

    private final Map<BitSet, Integer> setNumbers = new HashMap<>();
    private final List<long[]> sets = new ArrayList<>();
    private final BitSet probe = new BitSet();

    // Open addressing from the rest of a state to the first of a chain of sets.
    private long[] keys = new long[1 << 16];
    private int[] firsts = new int[1 << 16];
    private int keyCount;
    private int[] setOf = new int[1 << 16];
    private int[] nextOf = new int[1 << 16];
    private byte[] depthOf = new byte[1 << 16];
    private int linkCount;
    private int unused = NONE;

    Covered(Cast cast, Fingerprint fingerprint) {
        this.cast = cast;
        this.fingerprint = fingerprint;
        this.renamed = new int[cast.slots.orders()][0];
    }

    /**
     * Adds it, and drops what it covers; false if another covers it.
     *
     * @param depth not less than that of any state before
     */
    boolean add(World world, int depth) {
        long key = leastKey(world);
        int at = place(keys, key);
        boolean isKnown = keys[at] == key;
        int added = NONE;
        for (int order = 0; order < cast.slots.orders(); order++) {
            // Orders that leave the rest alike may still tell messages apart.
            if (fingerprint.withoutMessages(world, order) == key) {
                int set = setOf(world, order);
                if (isKnown && isCovered(firsts[at], sets.get(set))) {
                    return false;
                }
                added = added == NONE ? set : added;
            }
        }
        if (!isKnown) {
            if (2 * (keyCount + 1) > keys.length) {
                grow();
                at = place(keys, key);
            }
            keys[at] = key;
            firsts[at] = NONE;
            keyCount++;
        }
        firsts[at] = link(added, depth, withoutCovered(firsts[at], sets.get(added)));
        return true;
    }

    /**
     * Whether a state that was added is covered by one that was added later and is no deeper: whatever breaks after it
     * breaks after that one as soon, so the first violation is one of the nearest.
     */
    boolean isOutdone(World world, int depth) {
        long key = leastKey(world);
        int order = 0;
        while (fingerprint.withoutMessages(world, order) != key) {
            order++;
        }
        int set = setOf(world, order);
        boolean isOutdone = false;
        for (int link = firsts[place(keys, key)]; link != NONE; link = nextOf[link]) {
            if (setOf[link] == set) {
                return false;
            }
            isOutdone |= depthOf[link] <= depth && isSubset(sets.get(set), sets.get(setOf[link]));
        }
        return isOutdone;
    }

    private long leastKey(World world) {
        long least = fingerprint.withoutMessages(world, 0);
        for (int order = 1; order < cast.slots.orders(); order++) {
            least = Math.min(least, fingerprint.withoutMessages(world, order));
        }
        return least;
    }

    // ---- sets ----

    /** The number of the set of what is under way and what was told. */
    private int setOf(World world, int order) {
        probe.clear();
        for (int bit = 0; bit < Told.BITS; bit++) {
            probe.set(bit, (world.get(World.TOLD) >> bit & 1) != 0);
        }
        for (int i = 0; i < world.messages.size(); i++) {
            probe.set(Told.BITS + renamed(world.messages.get(i), order));
        }
        @Nullable Integer known = setNumbers.get(probe);
        if (known == null) {
            known = sets.size();
            setNumbers.put((BitSet) probe.clone(), known);
            sets.add(probe.toLongArray());
        }
        return known;
    }

    private int renamed(int message, int order) {
        if (message >= renamed[order].length) {
            renamed[order] = Arrays.copyOf(renamed[order], 2 * message + 16);
        }
        if (renamed[order][message] == 0) {
            long hash = cast.messages.hash(message, order);
            @Nullable Integer known = messageNumbers.get(hash);
            if (known == null) {
                known = 1 + messageNumbers.size();
                messageNumbers.put(hash, known);
            }
            renamed[order][message] = known;
        }
        return renamed[order][message] - 1;
    }

    private static boolean isSubset(long[] small, long[] large) {
        if (small.length > large.length) {
            return false;
        }
        for (int i = 0; i < small.length; i++) {
            if ((small[i] & ~large[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    // ---- chains ----

    private boolean isCovered(int first, long[] set) {
        for (int link = first; link != NONE; link = nextOf[link]) {
            if (isSubset(set, sets.get(setOf[link]))) {
                return true;
            }
        }
        return false;
    }

    /** The chain without what this set covers. */
    private int withoutCovered(int first, long[] by) {
        int kept = NONE;
        int link = first;
        while (link != NONE) {
            int next = nextOf[link];
            boolean isGone = isSubset(sets.get(setOf[link]), by);
            nextOf[link] = isGone ? unused : kept;
            if (isGone) {
                unused = link;
            } else {
                kept = link;
            }
            link = next;
        }
        return kept;
    }

    private int link(int set, int depth, int next) {
        int link = unused;
        if (link != NONE) {
            unused = nextOf[link];
        } else {
            if (linkCount == setOf.length) {
                setOf = Arrays.copyOf(setOf, 2 * linkCount);
                nextOf = Arrays.copyOf(nextOf, 2 * linkCount);
                depthOf = Arrays.copyOf(depthOf, 2 * linkCount);
            }
            link = linkCount++;
        }
        setOf[link] = set;
        nextOf[link] = next;
        // Deeper than a byte says, all count as equally deep.
        depthOf[link] = (byte) Math.min(depth, Byte.MAX_VALUE);
        return link;
    }

    private void grow() {
        long[] largerKeys = new long[keys.length * 2];
        int[] largerFirsts = new int[keys.length * 2];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                int at = place(largerKeys, keys[i]);
                largerKeys[at] = keys[i];
                largerFirsts[at] = firsts[i];
            }
        }
        keys = largerKeys;
        firsts = largerFirsts;
    }

    private static int place(long[] keys, long key) {
        int mask = keys.length - 1;
        int at = (int) (key >>> 32) & mask;
        while (keys[at] != 0 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }
}
