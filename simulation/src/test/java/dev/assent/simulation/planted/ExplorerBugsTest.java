package dev.assent.simulation.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bug that the explorer must find, within the bounds that are recorded with it. */
class ExplorerBugsTest {
    static Stream<PlantedBug> bugs() {
        return PlantedBugs.all().stream().filter(bug -> bug.tool().equals("explorer"));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void theExplorerFindsIt(PlantedBug bug) {
        PlantedBugs.Search search = PlantedBugs.search(bug);
        assertThat(search.found()).as(bug.with()).isNotEmpty();
    }
}
