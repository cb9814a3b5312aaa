package dev.assent.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "branches=1 nodes=2 terms=2",
                "branches=2 nodes=1 terms=1",
                "branches=1 nodes=1 terms=1 crashes=1",
                "branches=1 nodes=1 terms=1 steps=1 refusals=1 readers=1",
                "branches=1 nodes=1 terms=1 suspicions=1 hands=1",
                "branches=1 nodes=1 terms=1 hands=1 operators=2",
            })
    void whatIsLeftOutFindsNothingElse(String bounds) {
        Findings whole = Findings.of(bounds, EnumSet.noneOf(Reduction.class));
        Findings reduced = Findings.of(bounds, Reduction.all());

        assertThat(reduced).hasToString(whole.toString());
        assertThat(reduced.states()).isLessThan(whole.states());
        for (Reduction reduction : Reduction.values()) {
            Set<Reduction> others = EnumSet.complementOf(EnumSet.of(reduction));
            Findings without = Findings.of(bounds, others);
            assertThat(without).as("without %s", reduction).hasToString(whole.toString());
        }
    }
}
