package dev.assent.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The reference file and the reference page say what the code does. Run with {@code -Dreference.write=true} to write the
 * page's table anew.
 */
class ReferenceTest {
    private static final Path FILE = Path.of("src/main/conf/node.yaml");
    private static final Path PAGE = Path.of("../docs/reference/configuration.md");

    @Test
    void referenceFileLoadsAndHoldsTheDefaults() throws Exception {
        NodeConfig config = NodeConfigLoader.load(FILE, Map.of());
        Settings defaults = Settings.defaults();
        assertThat(config.transactions()).isEqualTo(TransactionSettings.of(defaults));
        assertThat(config.sessions()).isEqualTo(SessionSettings.of(defaults));
        assertThat(config.outcomes()).isEqualTo(OutcomeSettings.of(defaults));
        assertThat(config.raft()).isEqualTo(RaftSettings.of(defaults));
        assertThat(config.cluster().shards()).isEqualTo(defaults.get(Keys.SHARDS));
        assertThat(config.cluster().development()).isEqualTo(defaults.get(Keys.DEVELOPMENT));
        assertThat(config.node().listenHost()).isEqualTo(defaults.get(Keys.LISTEN_HOST));
    }

    @Test
    void referenceFileNamesEverySetting() throws Exception {
        RawConfig raw = new RawConfig();
        new YamlSource("node.yaml", raw).read(Files.readString(FILE));
        assertThat(Keys.SCALARS).allMatch(key -> raw.find(key.path()).isPresent());
        assertThat(raw.mistakes()).isEmpty();
    }

    @Test
    void referencePageHoldsExactlyTheSettings() throws Exception {
        if (Boolean.getBoolean("reference.write")) {
            write(expectedRows());
        }
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertThat(rows).containsExactlyElementsOf(expectedRows());
    }

    private static List<String> expectedRows() {
        return Stream.concat(
                        Keys.SCALARS.stream().map(key -> row(key.path(), key)),
                        Keys.MEMBER.stream().map(key -> row("members[]." + key.path(), key)))
                .toList();
    }

    private static void write(List<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(PAGE));
        lines.removeIf(line -> line.startsWith("| `"));
        lines.addAll(lines.indexOf("|---|---|---|---|") + 1, rows);
        Files.write(PAGE, lines);
    }

    private static String row(String path, Key<?> key) {
        String standard = key.need() == Key.Need.DEFAULT ? "`" + key.standard() + "`" : key.standard();
        return "| `" + path + "` | " + standard + " | " + key.kind().allowed() + " | " + key.meaning() + " |";
    }
}
