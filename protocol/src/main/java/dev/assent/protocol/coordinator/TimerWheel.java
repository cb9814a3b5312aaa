package dev.assent.protocol.coordinator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/**
 * A hashed timing wheel (Varghese and Lauck, 1987): adding and expiring cost the same however many timers wait. Timers
 * are not cancelled: their owner looks at its own deadline when one fires. Expired keys come in the order of their
 * deadlines, equal ones in the order in which they were added, so that a run can be repeated.
 */
final class TimerWheel<K> {
    private static final long SLOT_NANOS = 10_000_000;
    private static final int SLOTS = 1024;
    private static final int MASK = SLOTS - 1;

    private record Timer<K>(long deadlineNanos, long number, K key) {}

    private final List<List<Timer<K>>> slots = new ArrayList<>(SLOTS);
    private long currentSlot = Long.MIN_VALUE;
    private long added;
    private int waiting;
    private long earliestNanos = Long.MAX_VALUE;

    TimerWheel() {
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ArrayList<>(0));
        }
    }

    TimerWheel<K> copy() {
        TimerWheel<K> copy = new TimerWheel<>();
        for (int i = 0; i < SLOTS; i++) {
            copy.slots.get(i).addAll(slots.get(i));
        }
        copy.currentSlot = currentSlot;
        copy.added = added;
        copy.waiting = waiting;
        copy.earliestNanos = earliestNanos;
        return copy;
    }

    void add(long deadlineNanos, K key) {
        // What is due already is put where the next look begins, or it would wait for a whole round.
        long slot = Math.max(Math.floorDiv(deadlineNanos, SLOT_NANOS), currentSlot);
        slots.get((int) (slot & MASK)).add(new Timer<>(deadlineNanos, added++, key));
        waiting++;
        earliestNanos = Math.min(earliestNanos, deadlineNanos);
    }

    /** Removes and returns what is due. */
    List<K> expire(long nowNanos) {
        if (nowNanos < earliestNanos) {
            return List.of();
        }
        List<Timer<K>> due = new ArrayList<>();
        long lastSlot = Math.floorDiv(nowNanos, SLOT_NANOS);
        // More than a round late, or never looked: every slot once is enough.
        long firstSlot = Math.max(currentSlot, lastSlot - MASK);
        for (long slot = firstSlot; slot <= lastSlot; slot++) {
            Iterator<Timer<K>> timers = slots.get((int) (slot & MASK)).iterator();
            while (timers.hasNext()) {
                Timer<K> timer = timers.next();
                if (timer.deadlineNanos <= nowNanos) {
                    due.add(timer);
                    timers.remove();
                }
            }
        }
        currentSlot = lastSlot;
        waiting -= due.size();
        earliestNanos = findEarliest();
        due.sort(Comparator.<Timer<K>>comparingLong(Timer::deadlineNanos).thenComparingLong(Timer::number));
        return due.stream().map(Timer::key).toList();
    }

    /** When the next timer is due; {@link Long#MAX_VALUE} if none waits. */
    long nextDeadlineNanos() {
        return earliestNanos;
    }

    void clear() {
        slots.forEach(List::clear);
        waiting = 0;
        earliestNanos = Long.MAX_VALUE;
    }

    private long findEarliest() {
        if (waiting == 0) {
            return Long.MAX_VALUE;
        }
        long earliest = Long.MAX_VALUE;
        for (long slot = currentSlot; slot < currentSlot + SLOTS; slot++) {
            long endOfSlotNanos = (slot + 1) * SLOT_NANOS;
            for (Timer<K> timer : slots.get((int) (slot & MASK))) {
                earliest = Math.min(earliest, timer.deadlineNanos);
            }
            // Whatever stands in a later slot is due later, unless it belongs to a later round: then it is later still.
            if (earliest < endOfSlotNanos) {
                return earliest;
            }
        }
        return earliest;
    }
}
