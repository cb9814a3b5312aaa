package dev.assent.coordinator.fault;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.fault.FaultPoint;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannedFaultsTest {
    @Test
    void throwsAtTheNthVisitOnly() {
        PlannedFaults faults = PlannedFaults.parse("decision.applied:throw:nth=2");

        faults.hit(FaultPoint.DECISION_APPLIED, null);
        faults.hit(FaultPoint.DECISION_APPENDED, null);
        assertThatThrownBy(() -> faults.hit(FaultPoint.DECISION_APPLIED, null))
                .isInstanceOf(FaultSeam.SimulatedCrash.class);
        assertThatCode(() -> faults.hit(FaultPoint.DECISION_APPLIED, null)).doesNotThrowAnyException();
    }

    @Test
    void ofTwoThatNameOneFileOnlyTheFirstIsStruck(@TempDir Path directory) {
        String rule = "decision.applied:throw:once=" + directory.resolve("struck");
        PlannedFaults first = PlannedFaults.parse(rule);
        PlannedFaults second = PlannedFaults.parse(rule);

        assertThatThrownBy(() -> second.hit(FaultPoint.DECISION_APPLIED, null))
                .isInstanceOf(FaultSeam.SimulatedCrash.class);
        assertThatCode(() -> first.hit(FaultPoint.DECISION_APPLIED, null)).doesNotThrowAnyException();
    }

    @Test
    void stepsOfOthersAndActionsThatItCannotCarryOutAreRefused() {
        assertThatThrownBy(() -> PlannedFaults.parse("prepare.durable:halt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no step of a coordinator");
        assertThatThrownBy(() -> PlannedFaults.parse("vote.received:drop"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("drop");
    }
}
