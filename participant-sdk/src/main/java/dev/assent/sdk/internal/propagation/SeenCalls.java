package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.Xid;
import java.util.LinkedHashSet;

/**
 * Which calls ran at this instance, so that one that a transport repeats does not run twice. The memory is bounded and
 * drops the oldest: a repetition so late runs, and then the coordinator finds a call too many in the branch and aborts.
 * Safe for use by several threads.
 */
final class SeenCalls {
    private record Key(Xid xid, String call) {}

    private final int most;
    private final LinkedHashSet<Key> seen = new LinkedHashSet<>();

    SeenCalls(int most) {
        this.most = most;
    }

    /** Whether this is the first time. */
    synchronized boolean isFirst(Xid xid, String call) {
        if (!seen.add(new Key(xid, call))) {
            return false;
        }
        if (seen.size() > most) {
            seen.remove(seen.iterator().next());
        }
        return true;
    }
}
