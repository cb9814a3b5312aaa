package dev.assent.benchmarks.cli;

import dev.assent.benchmarks.client.LoadPlan;
import dev.assent.benchmarks.load.LoadReport;
import dev.assent.benchmarks.load.LoadResult;
import dev.assent.benchmarks.load.LoadRun;
import dev.assent.cli.Command;
import dev.assent.cli.CommandRunner;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Progress;
import dev.assent.sdk.annotation.AnswerWhen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code ./assent bench}. */
@picocli.CommandLine.Command(
        name = "bench",
        header = "How many transactions a second, how long they take, and what CPU each of them costs.",
        description = {
            "",
            "Starts three coordinator nodes and a client as processes of their own on this machine, with real files,"
                    + " forced writes and the settings of production. The branches are empty: they vote YES without"
                    + " a database, so that the cost that is left is Assent's. Its data is removed at the end.",
            "",
            "A machine that does anything else meanwhile makes the figures worse: compare runs side by side, by CPU"
                    + " per transaction rather than by transactions per second.",
            "",
            "Exit code 0 only if every transaction committed."
        },
        subcommands = MicroCommand.class,
        footer = {"", "Example:", "  ./assent bench --callers blocking --threads 64 --warm-up 60 --seconds 30 --json"})
public final class BenchCommand extends Command {
    /** When a commit is answered, in the words of the protocol. */
    enum Answer {
        AFTER_APPLY,
        AFTER_DECISION;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--callers",
            paramLabel = "KIND",
            description = "blocking: a thread for each caller; async: no thread waits. Default: blocking.")
    private LoadPlan.Callers callers = LoadPlan.Callers.BLOCKING;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Callers without think time; ${DEFAULT-VALUE} by default.")
    private int threads = 64;

    @Option(
            names = "--branches",
            paramLabel = "N",
            description = "Branches of each transaction, 0 to 16; ${DEFAULT-VALUE} by default.")
    private int branches = 2;

    @Option(
            names = "--answer",
            paramLabel = "WHEN",
            converter = AnswerConverter.class,
            description = "after-apply or after-decision; ${DEFAULT-VALUE} by default.")
    private Answer answer = Answer.AFTER_APPLY;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "Load before anything is measured; ${DEFAULT-VALUE} by default. Five minutes for figures"
                    + " that are worth keeping.")
    private int warmUpSeconds = 30;

    @Option(names = "--seconds", paramLabel = "SECONDS", description = "Measured; ${DEFAULT-VALUE} by default.")
    private int seconds = 20;

    @Option(names = "--shards", paramLabel = "N", description = "Raft groups, 1 to 64; ${DEFAULT-VALUE} by default.")
    private int shards = 1;

    @Option(
            names = "--flight-recordings",
            paramLabel = "DIR",
            description = "Profile: every process leaves a JFR recording of the measured time there. Not for figures.")
    private @Nullable Path recordings;

    /** The command as a process. */
    public static void main(String... arguments) {
        CommandRunner.main(new BenchCommand(), arguments);
    }

    @Override
    protected ExitCode run() throws IOException {
        LoadPlan plan = plan();
        if (recordings != null) {
            Files.createDirectories(recordings);
        }
        Path directory = Files.createTempDirectory("assent-bench-");
        try (Progress progress = progress()) {
            LoadResult result = new LoadRun(plan, shards, directory, Optional.ofNullable(recordings), progress).run();
            progress.close();
            print(LoadReport.json(result), LoadReport.text(result, terminal()));
            return result.holds() ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            delete(directory);
        }
    }

    private LoadPlan plan() {
        if (shards < 1 || shards > 64) {
            throw usage("--shards must be 1 to 64, not " + shards + ".", "Choose another number.");
        }
        try {
            AnswerWhen when = answer == Answer.AFTER_APPLY ? AnswerWhen.APPLIED : AnswerWhen.DECIDED;
            return new LoadPlan(callers, threads, branches, when, warmUpSeconds, seconds);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage() + ".", "Choose another number.");
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> innermostFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            innermostFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : innermostFirst) {
            Files.delete(file);
        }
    }
}
