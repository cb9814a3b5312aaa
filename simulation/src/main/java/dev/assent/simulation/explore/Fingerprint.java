package dev.assent.simulation.explore;

/**
 * 64 bits for a state of the world, the same for all states that differ only in which slot is which: the least over all
 * orders of the slots. Nodes need no such thing: a node that was never elected is like any other, and they are elected for
 * the first time in the order of their numbers.
 */
final class Fingerprint {
    private static final long NODE = 0x1000;
    private static final long MET = 0x2000;
    private static final long SLOT = 0x3000;
    private static final long APPENDS = 0x4000;
    private static final long WORK = 0x5000;
    private static final long MESSAGES = 0x6000;

    private final Cast cast;

    Fingerprint(Cast cast) {
        this.cast = cast;
    }

    long of(World world) {
        long least = whole(world, 0);
        for (int order = 1; order < cast.slots.orders(); order++) {
            least = Math.min(least, whole(world, order));
        }
        return least;
    }

    private long whole(World world, int order) {
        long sum = withoutMessages(world, order) + Canonical.mix((long) World.TOLD << 48 | world.get(World.TOLD));
        for (int i = 0; i < world.messages.size(); i++) {
            sum += Canonical.mix(MESSAGES ^ cast.messages.hash(world.messages.get(i), order));
        }
        return sum;
    }

    /** Of all but the messages under way and what the initiator was told, after the slots were put into this order. */
    long withoutMessages(World world, int order) {
        int[] to = cast.slots.order(order);
        long sum = globals(world, order);
        for (int node = 0; node < world.nodes(); node++) {
            sum += node(world, node, order);
        }
        for (int slot = 0; slot < world.slots(); slot++) {
            sum += Canonical.mix((SLOT + to[slot]) << 48
                    | (long) world.ofSlot(slot, World.LIFE) << 32
                    | (long) world.ofSlot(slot, World.HEARD_TERM) << 24
                    | world.ofSlot(slot, World.DATABASE));
            sum += Canonical.mix(SLOT ^ cast.instances.hash(world.ofSlot(slot, World.STATE), order));
        }
        for (int i = 0; i < world.appends.size(); i++) {
            sum += Canonical.mix(APPENDS ^ cast.submitted.hash(world.appends.get(i), order));
        }
        for (int i = 0; i < world.work.size(); i++) {
            sum += Canonical.mix(WORK ^ cast.work.hash(world.work.get(i), order));
        }
        return sum;
    }

    private long globals(World world, int order) {
        long sum = cast.log.hash(world.get(World.LOG), order);
        for (int field = 0; field < World.GLOBALS; field++) {
            if (field != World.LOG && field != World.TOLD) {
                int value = world.get(field);
                long kept = field == World.SUMS ? permuted(value, cast.slots.order(order)) : value;
                sum += Canonical.mix((long) field << 48 | kept);
            }
        }
        return sum;
    }

    private long node(World world, int node, int order) {
        int[] to = cast.slots.order(order);
        long place = NODE + node;
        long sum = Canonical.mix(place ^ cast.nodes.hash(world.ofNode(node, World.STATE), order));
        sum += Canonical.mix(
                place << 48 | (long) world.ofNode(node, World.ELECTED) << 8 | world.ofNode(node, World.LOOP));
        int log = world.get(World.LOG);
        int applied = world.ofNode(node, World.APPLIED);
        int toldUpTo = world.ofNode(node, World.TOLD_UP_TO);
        if (toldUpTo < cast.log.get(log).length()) {
            sum += Canonical.mix(place << 40 ^ cast.log.hashAfter(log, applied, order));
            sum += Canonical.mix(place << 32 ^ cast.log.hashAfter(log, toldUpTo, order));
        }
        for (int slot = 0; slot < world.slots(); slot++) {
            sum += Canonical.mix((MET + node * 16L + to[slot]) << 48 | world.metLife(node, slot));
        }
        return sum;
    }

    private static long permuted(int sums, int[] to) {
        // 0: not wanted yet; else 1 + the slots as bits.
        if (sums == 0) {
            return 0;
        }
        int permuted = 0;
        for (int slot = 0; slot < to.length; slot++) {
            permuted |= (sums - 1 >> slot & 1) << to[slot];
        }
        return permuted + 1;
    }
}
