package dev.assent.coordinator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HaltAtTest {
    private final AtomicInteger halts = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(FaultPoint.class)
    void everyPointIsFoundByItsLabel(FaultPoint point) {
        assertThat(point.label()).matches("[a-z]+\\.[a-z-]+");
        assertThat(FaultPoint.ofLabel(point.label())).contains(point);
    }

    @Test
    void haltsAtTheNthHitOfItsPointAndOnlyThen() {
        HaltAt fault = parse("decision.applied:halt:nth=2");

        fault.hit(FaultPoint.DECISION_APPLIED, null);
        fault.hit(FaultPoint.DECISION_APPENDED, null);
        assertThat(halts).hasValue(0);
        fault.hit(FaultPoint.DECISION_APPLIED, null);
        fault.hit(FaultPoint.DECISION_APPLIED, null);

        assertThat(halts).hasValue(1);
    }

    @Test
    void ofTwoThatNameOneFileOnlyTheFirstDies(@TempDir Path directory) {
        String text = "decision.applied:halt:once=" + directory.resolve("died");
        HaltAt first = parse(text);
        HaltAt second = parse(text);

        second.hit(FaultPoint.DECISION_APPLIED, null);
        first.hit(FaultPoint.DECISION_APPLIED, null);

        assertThat(halts).hasValue(1);
    }

    private HaltAt parse(String text) {
        return HaltAt.parse(text, halts::incrementAndGet, () -> {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "decision.applied",
                "decision.applied:throw",
                "nowhere.at-all:halt",
                "leader.lost:halt:nth=0",
                "leader.lost:halt:3",
                "leader.lost:halt:nth=1:more",
                "leader.lost:halt:once="
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> HaltAt.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
