package dev.assent.benchmarks.cli;

import dev.assent.benchmarks.micro.MicroBenchmarks;
import dev.assent.benchmarks.micro.MicroScore;
import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Progress;
import dev.assent.cli.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./assent bench micro}. */
@picocli.CommandLine.Command(
        name = "micro",
        header = "What single parts cost, measured by JMH in JVMs of their own.",
        description = {
            "",
            "fault-seam: what the calls of the fault seam cost a shard while no fault is planned, beside the same"
                    + " work without them; the ratio, of the best iterations, should be 1.",
            "shard-core: time and memory that the pure core takes for one transaction.",
            "",
            "Takes some minutes; both without a name."
        },
        footer = {"", "Example:", "  ./assent bench micro shard-core --json"})
final class MicroCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "fault-seam or shard-core; all without it.")
    private String name = "";

    @Option(names = "--forks", paramLabel = "N", description = "JVMs for each; ${DEFAULT-VALUE} by default.")
    private int forks = 3;

    @Override
    protected ExitCode run() throws RunnerException {
        if (!name.isEmpty() && !MicroBenchmarks.NAMES.contains(name)) {
            throw usage(
                    "There is no benchmark '" + name + "'.",
                    "There are " + String.join(" and ", MicroBenchmarks.NAMES) + ".");
        }
        if (forks < 1 || forks > 20) {
            throw usage("--forks must be 1 to 20, not " + forks + ".", "Choose another number.");
        }
        try (Progress progress = progress()) {
            progress.step("Measuring; some minutes");
            List<MicroScore> scores = MicroBenchmarks.run(name, forks);
            progress.close();
            print(scores, text(scores));
        }
        return ExitCode.OK;
    }

    private String text(List<MicroScore> scores) {
        Table table = new Table("BENCHMARK", ">BEST NS/OP", ">MEAN NS/OP", ">+-", ">BYTES/OP");
        scores.forEach(score -> table.row(
                score.benchmark(),
                decimal(score.bestNanos()),
                decimal(score.nanos()),
                decimal(score.errorNanos()),
                decimal(score.bytes())));
        return table.text(terminal())
                + MicroBenchmarks.ratios(scores).entrySet().stream()
                        .map(ratio -> "\n" + ratio.getKey() + ": " + decimal(ratio.getValue()))
                        .collect(Collectors.joining("", "\n", ""));
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
