package dev.assent.simulation;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is to happen, by instant and, at the same instant, in the order in which it was put in. */
final class EventQueue {
    /**
     * Something that happens.
     *
     * @param actor it happens to this one only if it is alive then
     */
    record Event(long nanos, long number, Actor actor, Runnable action) {
        boolean isBefore(Event other) {
            return nanos < other.nanos || (nanos == other.nanos && number < other.number);
        }
    }

    private @Nullable Event[] heap = new Event[512];
    private int size;
    private long numbers;

    void add(long nanos, Actor actor, Runnable action) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        Event event = new Event(nanos, numbers++, actor, action);
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            Event above = at(parent);
            if (!event.isBefore(above)) {
                break;
            }
            heap[at] = above;
            at = parent;
        }
        heap[at] = event;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Event poll() {
        Event first = at(0);
        Event last = at(--size);
        heap[size] = null;
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(last)) {
                break;
            }
            heap[at] = at(child);
            at = child;
        }
        if (size > 0) {
            heap[at] = last;
        }
        return first;
    }

    private Event at(int index) {
        Event event = heap[index];
        if (event == null) {
            throw new AssertionError("the queue is empty at " + index);
        }
        return event;
    }
}
