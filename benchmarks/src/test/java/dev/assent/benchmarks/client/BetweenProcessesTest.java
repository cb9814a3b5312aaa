package dev.assent.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.benchmarks.client.LoadPlan.Callers;
import dev.assent.sdk.annotation.AnswerWhen;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What command and client tell each other arrives as it was said. */
class BetweenProcessesTest {
    @Test
    void planArrives() {
        LoadPlan plan = new LoadPlan(Callers.ASYNC, 7, 3, AnswerWhen.DECIDED, 11, 13);
        assertThat(LoadPlan.parse(plan.arguments())).isEqualTo(plan);
    }

    @Test
    void resultArrivesOnOneLine() {
        Measured measured = new Measured(20.5, 1_000, 2, "an error", 1, 2, 3, 4.25, List.of(0.5, 0.25, 0.125));
        assertThat(measured.line()).doesNotContain("\n");
        assertThat(Measured.parse(measured.line())).isEqualTo(measured);
    }

    @Test
    void failureOfSeveralLinesArrivesOnOne() {
        Measured measured = new Measured(1, 0, 1, "two\nlines\tand a tab", 0, 0, 0, 0, List.of());
        assertThat(Measured.parse(measured.line()).firstFailure()).isEqualTo("two lines and a tab");
    }
}
