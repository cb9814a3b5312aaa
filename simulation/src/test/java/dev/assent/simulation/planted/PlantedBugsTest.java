package dev.assent.simulation.planted;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every bug is found by the tool that must find it, from the seed or bound where it was found before. With
 * {@code -Dplanted-bugs=update} the table in the documentation is written anew; with {@code -Dplanted-bugs=search} the
 * simulator looks for its bugs from a fresh start, for at most a minute each, and the seeds are recorded.
 */
class PlantedBugsTest {
    private static final Path TABLE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs/planted-bugs.md");
    private static final String MODE = System.getProperty("planted-bugs", "");
    private static final long PATIENCE_MILLIS = 60_000;
    private static final Map<String, PlantedBugs.Search> DONE = new ConcurrentHashMap<>();

    static Stream<PlantedBug> bugs() {
        return PlantedBugs.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(PlantedBug bug) {
        boolean isFresh = "search".equals(MODE) && bug.tool().equals("simulator");
        PlantedBugs.Search search = isFresh ? PlantedBugs.record(bug) : PlantedBugs.search(bug);
        assertThat(search.found())
                .as("%s, which the %s must find with '%s'", bug, bug.tool(), bug.with())
                .isNotEmpty();
        assertThat(search.millis())
                .as("%s, milliseconds until it is found", bug)
                .isLessThan(PATIENCE_MILLIS);
        DONE.put(search.bug().name(), search);
    }

    @Test
    void tableNamesEveryBug() throws IOException {
        if (isUpdate()) {
            return;
        }
        List<String> rows = Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> String.join("|", List.of(line.split("\\|")).subList(1, 5)))
                .map(line -> line.replace(" ", ""))
                .toList();
        assertThat(rows)
                .as("rows of %s; -Dplanted-bugs=update writes them", TABLE)
                .containsExactlyInAnyOrderElementsOf(bugs().map(PlantedBugsTest::key)
                        .map(key -> key.replace(" ", ""))
                        .toList());
    }

    private static String key(PlantedBug bug) {
        return String.join(" | ", bug.chapter(), bug.name(), bug.tool(), bug.with());
    }

    @AfterAll
    static void writeTable() throws IOException {
        if (!isUpdate()) {
            return;
        }
        Map<String, String> rows = new TreeMap<>();
        for (PlantedBugs.Search search : DONE.values()) {
            PlantedBug bug = search.bug();
            rows.put(
                    bug.chapter() + bug.name(),
                    "| " + key(bug) + " | " + Math.max(1, (search.millis() + 500) / 1000) + " | "
                            + search.found().replace("|", "/") + " |\n");
        }
        Files.writeString(
                TABLE,
                "# Planted bugs\n\n"
                        + "Each is planted into a copy of the production cores and must be found by the tool named. The test\n"
                        + "that does so writes this table (`-Dplanted-bugs=update`).\n\n"
                        + "| chapter | bug | tool | with | seconds | found |\n|---|---|---|---|---|---|\n"
                        + String.join("", rows.values()));
    }

    private static boolean isUpdate() {
        return "update".equals(MODE) || "search".equals(MODE);
    }
}
