package dev.assent.it;

import dev.assent.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs commands as an operator does: each a process of its own, of which only exit code and output are known. */
final class Operator {
    private static final String MAIN_CLASS = "dev.assent.coordinator.cli.CoordinatorCommands";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Path directory;
    private final AtomicInteger runs = new AtomicInteger();

    /** @param directory for what the commands print */
    Operator(Path directory) {
        this.directory = directory;
    }

    /** What came of a command. */
    record Ran(int exitCode, String output) {}

    /** Runs {@code ./assent cluster …} and waits for its end. */
    Ran cluster(String... arguments) {
        List<String> all = new ArrayList<>(List.of("cluster"));
        all.addAll(List.of(arguments));
        Path output = directory.resolve("command-" + runs.incrementAndGet() + ".log");
        try (ChildJvm command = ChildJvm.start(
                String.join(" ", all), output, List.of("-Xmx128m", "-Dassent.log.level=ERROR"), MAIN_CLASS, all)) {
            command.awaitEnd(PATIENCE);
            return new Ran(command.exitCode().orElseThrow(), command.output());
        }
    }
}
