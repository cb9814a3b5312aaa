package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes are killed, or paused, at every named step of a commit and of an abort. Whatever happens, both databases hold
 * the transaction or neither does, as the initiator was told; everybody is told the same for ever; and nothing is left: no
 * branch in doubt, no connection, no row, no entry of a table. Writes what it saw to {@code target}.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class KillMatrix {
    private final int shards;
    private final Path table;
    private final Set<FaultPoint> reached = EnumSet.noneOf(FaultPoint.class);
    private KillProcesses processes;
    private int number;

    KillMatrix(int shards, String name) {
        this.shards = shards;
        this.table = Path.of("target", name + ".txt");
    }

    abstract List<KillCell> cells();

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        Files.createDirectories(table.toAbsolutePath().getParent());
        Files.writeString(
                table,
                String.format(Locale.ROOT, "%-60s %-24s %-9s %-9s %s%n", "cell", "told", "left", "right", "heals"));
        processes = new KillProcesses(directory, shards);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void allOrNothingAsTold(KillCell cell) throws IOException {
        KillStory story = new KillStory(processes, cell, "struck-" + (++number));
        try {
            KillStory.Row row = story.run();
            reached.add(cell.point());
            assertThat(row.places())
                    .as("in both or in neither")
                    .containsOnly(row.places().get(0));
            note(String.format(
                    Locale.ROOT,
                    "%-60s %-24s %-9s %-9s %d ms",
                    cell,
                    row.told(),
                    place(row.places().get(0)),
                    place(row.places().get(1)),
                    row.healMillis()));
        } catch (AssertionError | RuntimeException e) {
            note(String.format(Locale.ROOT, "%-60s FAILED: %s", cell, e));
            throw e;
        } finally {
            story.end();
        }
    }

    private static String place(boolean isThere) {
        return isThere ? "committed" : "nothing";
    }

    private void note(String line) throws IOException {
        Files.writeString(table, line + System.lineSeparator(), StandardOpenOption.APPEND);
    }

    @AfterAll
    void everyStepWasReachedAndNothingIsTakenBack() {
        try (KillProcesses ended = processes) {
            assertThat(reached).as("steps that a transaction came to").containsAll(EnumSet.allOf(FaultPoint.class));
            ended.calm();
            ended.answersStay();
        }
    }
}
