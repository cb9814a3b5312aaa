package dev.assent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalOutputTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void columnsAreAligned() {
        Table table = new Table("NODE", ">TERM").row("n1", 7).row("node-22", 12_345);
        assertThat(table.text(terminal(false, Map.of())).lines())
                .containsExactly("NODE      TERM", "n1           7", "node-22  12345");
    }

    @Test
    void controlCharactersInCellsAreNotPassedOn() {
        assertThat(new Table("X").row("a\u001b[2Jb\nc").text(terminal(false, Map.of())))
                .isEqualTo("X\na?[2Jb?c");
    }

    @Test
    void rowMustFitTheHeadings() {
        assertThatThrownBy(() -> new Table("A", "B").row("only one")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void coloursNeedATerminalAndNoColorForbidsThem() {
        assertThat(terminal(true, Map.of()).hasColor()).isTrue();
        assertThat(terminal(true, Map.of("NO_COLOR", "1")).hasColor()).isFalse();
        assertThat(terminal(true, Map.of("NO_COLOR", "")).hasColor()).isTrue();
        assertThat(terminal(true, Map.of("TERM", "dumb")).hasColor()).isFalse();
        assertThat(terminal(false, Map.of()).hasColor()).isFalse();
        assertThat(terminal(false, Map.of()).styled(Terminal.Style.BAD, "x")).isEqualTo("x");
    }

    @Test
    void progressIsOneLineAStepWhereNobodyWatches() {
        try (Progress progress = new Progress(terminal(false, Map.of()), false)) {
            progress.step("one");
            progress.step("two");
        }
        assertThat(written().lines()).containsExactly("one", "two");
    }

    @Test
    void progressOnATerminalRewritesItsLineAndLeavesItClean() {
        try (Progress progress = new Progress(terminal(true, Map.of("NO_COLOR", "1")), false)) {
            progress.step("one");
            progress.step("two");
        }
        assertThat(written()).isEqualTo("\r\u001b[Kone\r\u001b[Ktwo\r\u001b[K");
    }

    @Test
    void quietProgressSaysNothing() {
        try (Progress progress = new Progress(terminal(true, Map.of()), true)) {
            progress.step("one");
            progress.note("two");
        }
        assertThat(written()).isEmpty();
    }

    private Terminal terminal(boolean isTerminal, Map<String, String> environment) {
        PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return Terminal.of(stream, stream, isTerminal, environment);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
