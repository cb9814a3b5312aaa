package dev.assent.simulation.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the explorer leaves out hides nothing of broken cores either: with and without it a walk that does not stop finds
 * the same violations and brings about the same facts.
 */
class ReducedWalksTest {
    private static final String TOOL = "dev.assent.simulation.explore.ReductionTool";

    /** Bounds of which everything can be seen, with nothing left out, within seconds. */
    private static final List<String> SMALL = List.of(
            "branches=1 nodes=1 terms=1",
            "branches=1 nodes=1 terms=1 crashes=1",
            "branches=1 nodes=1 terms=1 operators=1",
            "branches=1 nodes=1 terms=2");

    /** Within half a minute each: {@code -Dreductions=wide}. */
    private static final String WIDE = "branches=1 nodes=2 terms=2";

    static Stream<PlantedBug> bugs() {
        boolean isWide = "wide".equals(System.getProperty("reductions"));
        return PlantedBugs.all().stream()
                .filter(bug -> bug.tool().equals("explorer"))
                .filter(bug ->
                        SMALL.contains(bug.with()) || (isWide && bug.with().equals(WIDE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    @SuppressWarnings("unchecked")
    void findWhatWholeOnesFind(PlantedBug bug) throws ReflectiveOperationException {
        Object tool = Class.forName(TOOL, true, PatchedCores.of(bug))
                .getDeclaredConstructor()
                .newInstance();

        assertThat(((UnaryOperator<String>) tool).apply(bug.with())).isEmpty();
    }
}
