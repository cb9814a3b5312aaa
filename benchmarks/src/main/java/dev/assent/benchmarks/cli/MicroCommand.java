package dev.assent.benchmarks.cli;

import dev.assent.benchmarks.micro.MicroBenchmarks;
import dev.assent.benchmarks.micro.MicroRatio;
import dev.assent.benchmarks.micro.MicroScore;
import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Progress;
import dev.assent.cli.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
                    + " work without them; the ratio should be 1. Beside it the same with a plan that never strikes.",
            "shard-core: time and memory that the pure core takes for one transaction.",
            "",
            "Takes some minutes; both without a name."
        },
        footer = {"", "Example:", "  ./assent bench micro shard-core --json"})
final class MicroCommand extends Command {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "fault-seam or shard-core; all without it.")
    private String name = "";

    @Option(names = "--rounds", paramLabel = "N", description = "JVMs for each, in turns; ${DEFAULT-VALUE} by default.")
    private int rounds = 5;

    @Override
    protected ExitCode run() throws RunnerException {
        if (!name.isEmpty() && !MicroBenchmarks.NAMES.contains(name)) {
            throw usage(
                    "There is no benchmark '" + name + "'.",
                    "There are " + String.join(" and ", MicroBenchmarks.NAMES) + ".");
        }
        if (rounds < 1 || rounds > 20) {
            throw usage("--rounds must be 1 to 20, not " + rounds + ".", "Choose another number.");
        }
        try (Progress progress = progress()) {
            progress.step("Measuring; some minutes");
            List<MicroScore> scores = MicroBenchmarks.run(name, rounds);
            progress.close();
            print(Map.of("scores", scores, "ratios", MicroBenchmarks.ratios(scores)), text(scores));
        }
        return ExitCode.OK;
    }

    private String text(List<MicroScore> scores) {
        Table table = new Table("BENCHMARK", ">CPU NS/OP", ">BYTES/OP");
        scores.forEach(score -> table.row(score.benchmark(), whole(score.cpuNanos()), whole(score.bytes())));
        return table.text(terminal())
                + MicroBenchmarks.ratios(scores).entrySet().stream()
                        .map(ratio -> "\n" + ratio.getKey() + ": " + told(ratio.getValue()))
                        .collect(Collectors.joining("", "\n", ""));
    }

    private static String told(MicroRatio ratio) {
        return decimal(ratio.median()) + " (by round " + decimal(ratio.least()) + " to " + decimal(ratio.most()) + ")";
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
