package dev.assent.simulation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.simulation.FaultKind;
import dev.assent.simulation.Plan;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {
    // Without it: the world that a failure was made into is not the one that is run again.
    @Test
    void planIsReadAsItWasWritten(@TempDir Path directory) throws Exception {
        Plan plan = new Plan(
                -5,
                50,
                Set.of(0, 17),
                Set.of(FaultKind.PAUSE, FaultKind.NODE_CRASH),
                Set.of(1, 3),
                Set.of(Long.MIN_VALUE, -1L, 42L));
        Path file = directory.resolve("plan.json");
        PlanFile.write(file, plan);
        assertThat(PlanFile.read(file)).isEqualTo(plan);
    }
}
