package dev.assent.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A seed tells the same story to the last byte, whoever runs it. Without it a failure that one machine found could not be
 * looked at on another, and order that comes from hash codes would go unseen until replicas differ.
 */
class EveryJvmTest {
    private static final List<String> SEEDS = List.of("7", "42", "1001", "5005");

    /** Prints the whole story of each seed. */
    static final class Story {
        private Story() {}

        public static void main(String[] seeds) {
            System.out.writeBytes(told(List.of(seeds)));
            System.out.flush();
        }
    }

    @Test
    void storyIsTheSameWhateverObjectsHashTo() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        for (String hashing : List.of("0", "2")) { // random numbers; the constant 1
            assertThat(toldBy(java, "-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=" + hashing))
                    .isEqualTo(told(SEEDS));
        }
    }

    @Test
    void storyIsTheSameOnEveryJdkBesideThisOne() throws Exception {
        List<Path> others = otherJdks();
        assumeThat(others).as("other JDKs, 17 or later, beside this one").isNotEmpty();
        for (Path java : others) {
            assertThat(toldBy(java)).as("the story that %s tells", java).isEqualTo(told(SEEDS));
        }
    }

    private static byte[] told(List<String> seeds) {
        StringBuilder story = new StringBuilder();
        for (String seed : seeds) {
            Plan plan = Plan.of(Long.parseLong(seed), 50);
            RunResult result = Simulation.run(plan, Simulation.Watch.TIMELINE);
            story.append(Simulation.parametersOf(plan)).append('\n');
            result.timeline().forEach(line -> story.append(line).append('\n'));
            story.append(result.hash()).append('\n');
        }
        return story.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] toldBy(Path java, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx512m"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Story.class.getName()));
        command.addAll(SEEDS);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (InputStream out = process.getInputStream()) {
            byte[] story = out.readAllBytes();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            return story;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Where this JDK lies there are often others; each real place once, and those that can run this code only. */
    private static List<Path> otherJdks() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        try (Stream<Path> beside = Files.list(home.resolveSibling("."))) {
            return beside.filter(Files::isDirectory)
                    .map(EveryJvmTest::real)
                    .distinct()
                    .filter(other -> !other.equals(home) && isSeventeenOrLater(other))
                    .sorted()
                    .map(other -> other.resolve("bin").resolve("java"))
                    .toList();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException gone) {
            return path;
        }
    }

    private static boolean isSeventeenOrLater(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(release)) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("JAVA_VERSION=\"?(\\d+).*", "$1"))
                    .anyMatch(version -> version.matches("\\d+") && Integer.parseInt(version) >= 17);
        } catch (IOException unreadable) {
            return false;
        }
    }
}
