package dev.assent.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.admin.NodeCounts;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogUseTest {
    private static final NodeCounts IDLE = new NodeCounts(5, 9, 40);

    @Test
    void countsOnlyWhatHappenedBetweenTheTwoLooks() {
        List<NodeCounts> before = List.of(IDLE, new NodeCounts(100, 1_000, 200), IDLE);
        List<NodeCounts> after = List.of(IDLE, new NodeCounts(110, 1_200, 260), new NodeCounts(15, 109, 90));

        assertThat(LogUse.between(before, after, 1, 2)).isEqualTo(new LogUse(20, 15, 30));
    }

    @Test
    void noEntriesHoldNoRecords() {
        assertThat(LogUse.between(List.of(IDLE), List.of(IDLE), 0, 2)).isEqualTo(new LogUse(0, 0, 0));
    }
}
