package dev.assent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandRunnerTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = Terminal.of(stream(out), stream(err), false, Map.of());

    @picocli.CommandLine.Command(name = "probe", description = "A probe.", footer = "  ./assent probe --fail refused")
    static final class Probe extends Command {
        @Option(names = "--fail", description = "How to fail.")
        private String failure = "";

        @Override
        protected ExitCode run() throws Exception {
            switch (failure) {
                case "refused" ->
                    throw new CommandFailedException(
                            ExitCode.FAILED, new Problem("It was refused.", "Because.", "Try later."));
                case "defect" -> throw new IllegalStateException("boom");
                default -> print(Json.object().put("fine", true), "Fine.");
            }
            return ExitCode.OK;
        }
    }

    @Test
    void resultGoesToTheOutput() {
        assertThat(run()).isZero();
        assertThat(text(out)).isEqualToIgnoringNewLines("Fine.");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void jsonIsOneObject() {
        assertThat(run("--json")).isZero();
        assertThat(parsed().get("fine").asBoolean()).isTrue();
    }

    @Test
    void problemSaysWhatWhyAndWhatToDo() {
        assertThat(run("--fail", "refused")).isEqualTo(ExitCode.FAILED.code());
        assertThat(text(err).lines()).containsExactly("Error: It was refused.", "Because.", "Try later.");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void problemIsJsonWhereJsonWasAskedFor() {
        assertThat(run("--json", "--fail", "refused")).isEqualTo(1);
        assertThat(parsed().get("error").asString()).isEqualTo("It was refused.");
        assertThat(parsed().get("exitCode").asInt()).isEqualTo(1);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void defectIsShownWithoutStackTrace() {
        assertThat(run("--fail", "defect")).isEqualTo(ExitCode.INTERNAL.code());
        assertThat(text(err)).contains("IllegalStateException: boom", "CommandRunnerTest.java:");
        assertThat(text(err)).doesNotContain("\tat ");
    }

    @Test
    void slipOfTheFingersIsUsageWithAHint() {
        assertThat(run("--fial", "x")).isEqualTo(ExitCode.USAGE.code());
        assertThat(text(err)).contains("--fial").contains("--fail").contains("probe --help");
    }

    @Test
    void helpShowsTheExample() {
        assertThat(run("--help")).isZero();
        assertThat(text(out)).contains("./assent probe --fail refused").contains("--json");
    }

    private int run(String... arguments) {
        return new CommandRunner(terminal).run(new Probe(), arguments);
    }

    private JsonNode parsed() {
        return JsonMapper.shared().readTree(text(out));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
