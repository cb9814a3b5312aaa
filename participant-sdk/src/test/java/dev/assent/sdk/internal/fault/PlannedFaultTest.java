package dev.assent.sdk.internal.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.sdk.internal.fault.FaultSeam.Fate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlannedFaultTest {
    @Test
    void faultStrikesAtTheNthVisitOnly() {
        PlannedFault fault = PlannedFault.parse("prepare.durable:throw:nth=2");

        assertThat(fault.at(FaultPoint.PREPARE_DURABLE)).isEqualTo(Fate.PROCEED);
        assertThat(fault.at(FaultPoint.COMMIT_DURABLE)).isEqualTo(Fate.PROCEED);
        assertThatThrownBy(() -> fault.at(FaultPoint.PREPARE_DURABLE))
                .isInstanceOf(InjectedFaultException.class)
                .hasMessageContaining("prepare.durable");
        assertThat(fault.at(FaultPoint.PREPARE_DURABLE)).isEqualTo(Fate.PROCEED);
    }

    @Test
    void faultWithoutANumberStrikesAtEveryVisit() {
        PlannedFault fault = PlannedFault.parse("command.received:drop");

        assertThat(fault.at(FaultPoint.COMMAND_RECEIVED)).isEqualTo(Fate.DROP);
        assertThat(fault.at(FaultPoint.COMMAND_RECEIVED)).isEqualTo(Fate.DROP);
    }

    @ParameterizedTest
    @EnumSource
    void everyPointIsReadBack(FaultPoint point) {
        assertThat(FaultPoint.parse(point.toString())).isEqualTo(point);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "prepare.durable",
                "nowhere:halt",
                "prepare.durable:explode",
                "prepare.durable:halt:nth=0",
                "prepare.durable:delay",
                "prepare.durable:halt:millis=3",
                "prepare.durable:halt:often"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> PlannedFault.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
