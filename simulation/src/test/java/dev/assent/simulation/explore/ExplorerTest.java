package dev.assent.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplorerTest {
    private static final double PATIENCE_SECONDS = 120;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "branches=2 nodes=2 terms=2",
                "branches=2 nodes=1 terms=1 refusals=1 readers=1 strays=1",
                "branches=1 nodes=2 terms=2 crashes=1",
                "branches=1 nodes=1 terms=1 steps=1 refusals=1 readers=1 crashes=1 suspicions=1 hands=1",
                "branches=1 nodes=2 terms=2 operators=2",
            })
    void everyInterleavingKeepsThePromises(String text) {
        Exploration found = new Explorer(Bounds.parse(text)).walk(10_000_000, PATIENCE_SECONDS, states -> {});

        assertThat(found.violation()).as(() -> String.join("\n", found.trace())).isEmpty();
        assertThat(found.isExhausted()).isTrue();
        assertThat(found.neverEnabled()).isEmpty();
    }
}
