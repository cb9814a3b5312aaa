package dev.assent.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MicroScoreTest {
    @Test
    void ratioIsTakenRoundByRound() {
        MicroScore base = new MicroScore("base", List.of(100.0, 200.0, 400.0), 0);
        MicroScore other = new MicroScore("other", List.of(110.0, 200.0, 480.0), 0);

        assertThat(other.over(base)).isEqualTo(new MicroRatio(1.1, 1.0, 1.2));
        assertThat(base.cpuNanos()).isEqualTo(200);
    }
}
