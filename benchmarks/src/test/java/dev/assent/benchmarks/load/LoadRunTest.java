package dev.assent.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.benchmarks.client.LoadPlan;
import dev.assent.benchmarks.client.LoadPlan.Callers;
import dev.assent.cli.Progress;
import dev.assent.cli.Terminal;
import dev.assent.sdk.annotation.AnswerWhen;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole runs, too short for figures: what is measured is there, and fits together. */
class LoadRunTest {
    @ParameterizedTest
    @EnumSource(Callers.class)
    void measuresTransactionsCpuAndLog(Callers callers, @TempDir Path directory) {
        LoadPlan plan = new LoadPlan(callers, 4, 2, AnswerWhen.APPLIED, 0, 2);

        LoadResult result =
                new LoadRun(plan, 1, directory, Optional.empty(), new Progress(Terminal.ofProcess(), true)).run();

        assertThat(result.measured().failed())
                .as(result.measured().firstFailure())
                .isZero();
        assertThat(result.holds()).isTrue();
        assertThat(result.measured().nodeCpuSeconds()).hasSize(3).allMatch(cpu -> cpu > 0);
        assertThat(result.clientCpuPer1000()).isPositive();
        // A decision and an end for each; which of them ride together is the machine's.
        assertThat(result.log().recordsPerEntry()).isBetween(1.0, 8.0);
        // Every entry is forced at least once, and Raft may count a few of its own.
        double entriesPerSecond = result.log().entries() / result.measured().seconds();
        assertThat(result.log().forcedWritesPerSecond()).isBetween(0.5 * entriesPerSecond, 2 * entriesPerSecond);
        assertThat(result.measured().p50Micros())
                .isPositive()
                .isLessThanOrEqualTo(result.measured().p999Micros());
    }
}
