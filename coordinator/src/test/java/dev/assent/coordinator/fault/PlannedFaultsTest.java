package dev.assent.coordinator.fault;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log.before-force:fail:xid=shop-k3x9q0ab.0.1.5",
                "reply.before-send:halt:xid=shop-k3x9q0ab.0.1.5",
                "leader.ready:halt:shard=1",
                "vote.received:halt:resource=orders-db",
                "vote.received:halt:instance=i1"
            })
    void ruleThatCouldNeverStrikeIsRefused(String rule) {
        assertThatThrownBy(() -> PlannedFaults.parse(rule)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void diskOfOneShardRefusesOnce() throws IOException {
        PlannedFaults faults = PlannedFaults.parse("log.before-force:full:nth=1:shard=2");

        faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 0);
        faults.onDisk(FaultPoint.SNAPSHOT_BEFORE_RENAME, 2);
        assertThatThrownBy(() -> faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device");
        faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 2);
    }

    @Test
    void diskRefusesEverythingForAWhileFromItsFirstStrikeOn() throws IOException {
        PlannedFaults faults = PlannedFaults.parse("log.before-force:fail:nth=2:millis=300");

        faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 0);
        assertThatThrownBy(() -> faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 1)).isInstanceOf(IOException.class);
        faults.onDisk(FaultPoint.SNAPSHOT_BEFORE_RENAME, 0);
        await().ignoreExceptions()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 0));
        assertThatCode(() -> faults.onDisk(FaultPoint.LOG_BEFORE_FORCE, 0)).doesNotThrowAnyException();
    }
}
