package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The wheel against a sorted list: same keys, same order, same next deadline, however time jumps. */
class TimerWheelTest {
    private record Waiting(long deadlineNanos, int key) {}

    @Test
    void expiresWhatASortedListWould() {
        for (long seed = 0; seed < 300; seed++) {
            Draw draw = new Draw(seed);
            // System.nanoTime may be anything, negative too.
            long nowNanos = (draw.below(2_000_000) - 1_000_000) * 1_000_000_000L;
            TimerWheel<Integer> wheel = new TimerWheel<>();
            List<Waiting> model = new ArrayList<>();
            for (int key = 0; key < 200; key++) {
                if (draw.percent(60)) {
                    long deadlineNanos = nowNanos + span(draw) - (draw.percent(10) ? 50_000_000L : 0);
                    wheel.add(deadlineNanos, key);
                    model.add(new Waiting(deadlineNanos, key));
                } else {
                    nowNanos += span(draw);
                    assertThat(wheel.expire(nowNanos)).as("seed %s", seed).isEqualTo(due(model, nowNanos));
                }
                long next =
                        model.stream().mapToLong(Waiting::deadlineNanos).min().orElse(Long.MAX_VALUE);
                assertThat(wheel.nextDeadlineNanos()).as("seed %s", seed).isEqualTo(next);
            }
        }
    }

    @Test
    void clearedWheelIsEmptyAndGoesOn() {
        TimerWheel<Integer> wheel = new TimerWheel<>();
        wheel.add(5, 1);
        wheel.clear();
        assertThat(wheel.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        wheel.add(7, 2);
        assertThat(wheel.expire(10)).containsExactly(2);
    }

    /** From nothing to several rounds of the wheel. */
    private static long span(Draw draw) {
        long[] units = {0, 1, 1_000_000, 10_000_000, 1_000_000_000, 15_000_000_000L};
        return units[draw.below(units.length)] * draw.below(10);
    }

    private static List<Integer> due(List<Waiting> model, long nowNanos) {
        List<Waiting> due =
                model.stream().filter(w -> w.deadlineNanos() <= nowNanos).toList();
        model.removeAll(due);
        return due.stream()
                .sorted(Comparator.comparingLong(Waiting::deadlineNanos).thenComparingInt(Waiting::key))
                .map(Waiting::key)
                .toList();
    }
}
