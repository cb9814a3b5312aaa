package dev.assent.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen, by instant and, at the same instant, in the order in which it was put in. A heap whose keys lie side by
 * side: this is where the simulator spends most of its own time.
 */
final class EventQueue {
    private static final int WAYS = 4;
    private long[] nanos = new long[512];
    private long[] numbers = new long[512];
    private @Nullable Actor[] actors = new Actor[512];
    private @Nullable Runnable[] actions = new Runnable[512];
    private int size;
    private long added;

    /**
     * @param actor it happens to this one only if it is alive then
     */
    void add(long atNanos, Actor actor, Runnable action) {
        if (size == nanos.length) {
            grow();
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / WAYS;
            // What was added last comes last among equals, so it need not be compared by number.
            if (nanos[parent] <= atNanos) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, atNanos, added++, actor, action);
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** When the first one happens. */
    long firstNanos() {
        return nanos[0];
    }

    Actor firstActor() {
        Actor actor = actors[0];
        if (actor == null) {
            throw new AssertionError("nothing is to happen");
        }
        return actor;
    }

    Runnable firstAction() {
        Runnable action = actions[0];
        if (action == null) {
            throw new AssertionError("nothing is to happen");
        }
        return action;
    }

    void removeFirst() {
        int last = --size;
        long lastNanos = nanos[last];
        long lastNumber = numbers[last];
        Actor lastActor = actors[last];
        Runnable lastAction = actions[last];
        actors[last] = null;
        actions[last] = null;
        if (last == 0 || lastActor == null || lastAction == null) {
            return;
        }
        int at = 0;
        for (int child = firstOf(at); child >= 0 && isBefore(child, lastNanos, lastNumber); child = firstOf(at)) {
            move(child, at);
            at = child;
        }
        put(at, lastNanos, lastNumber, lastActor, lastAction);
    }

    /** The first of the children, or -1. */
    private int firstOf(int parent) {
        int child = parent * WAYS + 1;
        if (child >= size) {
            return -1;
        }
        int end = Math.min(child + WAYS, size);
        int first = child;
        for (int i = child + 1; i < end; i++) {
            if (isBefore(i, nanos[first], numbers[first])) {
                first = i;
            }
        }
        return first;
    }

    private boolean isBefore(int at, long otherNanos, long otherNumber) {
        return nanos[at] < otherNanos || (nanos[at] == otherNanos && numbers[at] < otherNumber);
    }

    private void move(int from, int to) {
        nanos[to] = nanos[from];
        numbers[to] = numbers[from];
        actors[to] = actors[from];
        actions[to] = actions[from];
    }

    private void put(int at, long atNanos, long number, Actor actor, Runnable action) {
        nanos[at] = atNanos;
        numbers[at] = number;
        actors[at] = actor;
        actions[at] = action;
    }

    private void grow() {
        nanos = Arrays.copyOf(nanos, size * 2);
        numbers = Arrays.copyOf(numbers, size * 2);
        actors = Arrays.copyOf(actors, size * 2);
        actions = Arrays.copyOf(actions, size * 2);
    }
}
