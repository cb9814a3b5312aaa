package dev.assent.samples.cli;

import dev.assent.cli.Command;
import dev.assent.cli.CommandRunner;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Progress;
import dev.assent.samples.demo.Demo;
import dev.assent.samples.demo.DemoReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code ./assent demo}. */
@picocli.CommandLine.Command(
        name = "demo",
        header = "Purchases over three services while a participant and the leader are killed.",
        description = {
            "",
            "Starts three coordinator nodes and three services (orders, inventory, payments) as processes of their own,"
                    + " with real databases (H2 files). Buyers buy; a participant is killed after its vote, and the"
                    + " leader between a decision and its second phase; both come back. Then the databases are read and"
                    + " compared with every outcome that a buyer was told.",
            "",
            "Exit code 0 only if nothing differs and nothing is left in doubt."
        },
        footer = {"", "Example:", "  ./assent demo --purchases 1000 --json"})
public final class DemoCommand extends Command {
    @Option(
            names = "--purchases",
            paramLabel = "N",
            description = "How many purchases, 100 to 100000; ${DEFAULT-VALUE} by default.")
    private int purchases = 600;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Draws what is bought; ${DEFAULT-VALUE} by default. Timing is the machine's.")
    private long seed = 1;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Keep databases, logs and output in this directory, which must be empty or new.")
    private @Nullable Path keep;

    /** The command as a process. */
    public static void main(String... arguments) {
        CommandRunner.main(new DemoCommand(), arguments);
    }

    @Override
    protected ExitCode run() throws Exception {
        if (purchases < 100 || purchases > 100_000) {
            throw usage("--purchases must be 100 to 100000, not " + purchases + ".", "Choose another number.");
        }
        Path directory = keep == null ? Files.createTempDirectory("assent-demo-") : emptyDirectory(keep);
        try (Progress progress = progress()) {
            Demo.Run run = new Demo(directory, purchases, seed, progress).run();
            progress.close();
            print(DemoReport.json(run.result()), DemoReport.text(run, terminal()));
            return run.result().holds() ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            if (keep == null) {
                delete(directory);
            }
        }
    }

    private Path emptyDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw usage(directory + " is not empty.", "Name a directory that is empty or does not exist.");
            }
        }
        return directory;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> innermostFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : innermostFirst) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + file, e);
            }
        }
    }
}
