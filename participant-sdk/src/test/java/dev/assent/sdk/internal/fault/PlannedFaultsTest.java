package dev.assent.sdk.internal.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.fault.FaultPoint;
import dev.assent.sdk.internal.fault.FaultSeam.Fate;
import org.junit.jupiter.api.Test;

class PlannedFaultsTest {
    @Test
    void strikesAtTheNthVisitOnly() {
        PlannedFaults faults = PlannedFaults.parse("prepare.durable:throw:nth=2");

        assertThat(faults.at(FaultPoint.PREPARE_DURABLE)).isEqualTo(Fate.PROCEED);
        assertThat(faults.at(FaultPoint.COMMIT_DURABLE)).isEqualTo(Fate.PROCEED);
        assertThatThrownBy(() -> faults.at(FaultPoint.PREPARE_DURABLE)).isInstanceOf(InjectedFaultException.class);
        assertThat(faults.at(FaultPoint.PREPARE_DURABLE)).isEqualTo(Fate.PROCEED);
    }

    @Test
    void dropsAtEveryVisit() {
        PlannedFaults faults = PlannedFaults.parse("command.received:drop");

        assertThat(faults.at(FaultPoint.COMMAND_RECEIVED)).isEqualTo(Fate.DROP);
        assertThat(faults.at(FaultPoint.COMMAND_RECEIVED)).isEqualTo(Fate.DROP);
    }

    @Test
    void stepsOfTheCoordinatorAreRefused() {
        assertThatThrownBy(() -> PlannedFaults.parse("decision.applied:halt"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("coordinator");
    }
}
