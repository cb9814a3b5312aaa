package dev.assent.simulation.cli;

import dev.assent.cli.Command;
import dev.assent.cli.CommandRunner;
import dev.assent.cli.Progress;
import dev.assent.simulation.BlockResult;
import dev.assent.simulation.Plan;
import dev.assent.simulation.RunResult;
import dev.assent.simulation.SeedBlock;
import dev.assent.simulation.Shrinker;
import dev.assent.simulation.Simulation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Runs worlds from seeds and says whether everything held. */
@picocli.CommandLine.Command(
        name = "simulate",
        description = {
            "Whole clusters around the cores that run in production, under virtual time: crashes at every step, partitions,"
                    + " messages lost, late, doubled and overtaken, leaders that do not know of their successor, databases"
                    + " that fail, people who interfere. A seed draws everything, and a run is a function of its seed.",
            "Ends with 0 if everything held, 1 if a promise was broken, 2 if something never ended, 3 if the worlds did not"
                    + " bring about what they should, 4 if the simulator itself broke."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  ./assent simulate --seeds 2000", "  ./assent simulate --seed 0x5EED --timeline"})
public final class SimulateCommand extends Command {
    /** From so many seeds on every situation must have come up. */
    private static final long ENOUGH_SEEDS = 20_000;

    private static final int MOST_FAILURES = 5;
    private static final long SHRINK_SECONDS = 60;

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds; 1 with --seed alone, else 1000.")
    private @Nullable Long seeds;

    @Option(names = "--seed", paramLabel = "S", description = "The first seed, decimal or 0x…; a fresh one by default.")
    private @Nullable String seed;

    @Option(
            names = "--transactions",
            paramLabel = "T",
            defaultValue = "50",
            description = "Transactions of each world, 1 to 10000 (50).")
    private int transactions;

    @Option(names = "--plan", paramLabel = "FILE", description = "Run the world that an earlier failure was made into.")
    private @Nullable Path plan;

    @Option(names = "--timeline", description = "Of a single seed: print all that happens.")
    private boolean timeline;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where the plan of a world that failed is written (the present directory).")
    private Path keep = Path.of(".");

    /** Runs the command as a process. */
    public static void main(String[] arguments) {
        CommandRunner.main(new SimulateCommand(), arguments);
    }

    @Override
    protected Verdict run() throws Exception {
        if (transactions < 1 || transactions > 10_000) {
            throw usage("--transactions must be 1 to 10000, not " + transactions + ".", "Choose another number.");
        }
        if (plan != null) {
            return single(readPlan(plan));
        }
        long first = seed == null ? System.nanoTime() : parse(seed);
        if (seed != null && (seeds == null || seeds == 1)) {
            return single(Plan.of(first, transactions));
        }
        long count = seeds == null ? 1_000 : seeds;
        if (count < 1) {
            throw usage("--seeds must be at least 1, not " + count + ".", "Choose another number.");
        }
        return block(first, count);
    }

    private Plan readPlan(Path file) {
        try {
            return PlanFile.read(file);
        } catch (IOException | IllegalArgumentException broken) {
            throw usage(String.valueOf(broken.getMessage()) + ".", "Give a file that this command has written.");
        }
    }

    private long parse(String text) {
        try {
            return PlanFile.number(text);
        } catch (NumberFormatException broken) {
            throw usage("--seed is no number: " + text + ".", "Give digits, or 0x and hexadecimal digits.");
        }
    }

    // ---- one world ----

    private Verdict single(Plan of) throws IOException {
        if (!wantsJson()) {
            terminal().out().println("seed " + PlanFile.hex(of.seed()) + ", " + of.transactions() + " transactions");
            terminal().out().println(Simulation.parametersOf(of) + "\n");
        }
        RunResult result = Simulation.run(of, timeline ? Simulation.Watch.TIMELINE : Simulation.Watch.NOTHING);
        Optional<Failure> failure = result.isHeld() ? Optional.empty() : Optional.of(failed(result));
        if (timeline && result.isHeld() && !wantsJson()) {
            result.timeline().forEach(terminal().out()::println);
            terminal().out().println();
        }
        Report report = new Report(terminal());
        print(report.json(result, failure), report.text(result, failure));
        return verdict(failure);
    }

    private Failure failed(RunResult failing) throws IOException {
        RunResult small;
        try (Progress progress = progress()) {
            progress.step("Seed " + PlanFile.hex(failing.plan().seed()) + " does not hold; making it small ...");
            small = Shrinker.shrink(failing, SHRINK_SECONDS);
        }
        Path file = keep.resolve("seed-" + PlanFile.hex(failing.plan().seed()) + ".json");
        PlanFile.write(file, small.plan());
        return new Failure(failing, Simulation.run(small.plan(), Simulation.Watch.TIMELINE), file);
    }

    private static Verdict verdict(Optional<Failure> failure) {
        if (failure.isEmpty()) {
            return Verdict.HELD;
        }
        return failure.get().isLiveness() ? Verdict.ENDLESS : Verdict.BROKEN;
    }

    // ---- many worlds ----

    private Verdict block(long first, long count) throws Exception {
        if (!wantsJson()) {
            terminal()
                    .out()
                    .println(count + " seeds from " + PlanFile.hex(first) + ", " + transactions + " transactions each");
        }
        int threads = Runtime.getRuntime().availableProcessors();
        BlockResult result;
        try (Progress progress = progress()) {
            result = new SeedBlock(first, count, transactions, MOST_FAILURES)
                    .run(threads, done -> progress.update(String.format("%,d of %,d seeds", done, count)));
        }
        Optional<Failure> failure = result.failures().isEmpty() ? Optional.empty() : Optional.of(failed(worst(result)));
        Report report = new Report(terminal());
        print(report.json(first, result, failure), report.text(result, failure));
        if (failure.isPresent()) {
            return verdict(failure);
        } else if (result.visited().isContradicted()) {
            throw new IllegalStateException("a state met an input that is listed as impossible");
        }
        boolean isReached = result.begun() > 0
                && (count < ENOUGH_SEEDS
                        || (result.neverHit().isEmpty()
                                && result.untriedPoints().isEmpty()));
        return isReached ? Verdict.HELD : Verdict.NOT_REACHED;
    }

    /** A broken promise comes before something that did not end. */
    private static RunResult worst(BlockResult result) {
        return result.failures().stream()
                .filter(failing -> !failing.violation().orElseThrow().isLiveness())
                .findFirst()
                .orElse(result.failures().get(0));
    }
}
