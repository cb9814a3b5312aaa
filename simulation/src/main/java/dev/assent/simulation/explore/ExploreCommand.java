package dev.assent.simulation.explore;

import dev.assent.cli.Command;
import dev.assent.cli.CommandRunner;
import dev.assent.cli.Json;
import dev.assent.cli.Progress;
import dev.assent.cli.Table;
import dev.assent.simulation.cli.Verdict;
import java.util.Locale;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Walks a small world to its end, or until something does not hold. */
@picocli.CommandLine.Command(
        name = "explore",
        description = {
            "Every interleaving of a small world around the cores that run in production: messages that are lost, late,"
                    + " repeated and reordered, records that commit or vanish, leaders that change and do not know it,"
                    + " crashes, timers, people.",
            "Without --counted every message may arrive at any time, again and again, or never: whatever holds then holds"
                    + " for any number of repetitions and losses.",
            "Ends with 0 if everything held, 1 if a promise was broken, 2 if something never ends, 3 if a limit cut the"
                    + " walk off or something possible never happened, 4 if the explorer itself broke."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./assent explore --branches 2 --terms 2",
            "  ./assent explore --protocol 2pc --branches 2 --terms 3 --crashes 1 --duplicates 1 --json"
        })
public final class ExploreCommand extends Command {
    @Option(names = "--protocol", paramLabel = "NAME", defaultValue = "2pc", description = "2pc.")
    private String protocol = "2pc";

    @Option(names = "--branches", paramLabel = "N", defaultValue = "2", description = "Participants, 1 to 4 (2).")
    private int branches;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "2", description = "Nodes of the shard, 1 to 3 (2).")
    private int nodes;

    @Option(names = "--terms", paramLabel = "N", defaultValue = "2", description = "Leaders one after another (2).")
    private int terms;

    @Option(names = "--crashes", paramLabel = "N", defaultValue = "0", description = "Of nodes and participants (0).")
    private int crashes;

    @Option(
            names = "--counted",
            description =
                    "Hold repetitions and certain losses down to their numbers. Closes much later, and sees nothing"
                            + " that the walk without this does not see.")
    private boolean counted;

    @Option(
            names = "--duplicates",
            paramLabel = "N",
            defaultValue = "1",
            description = "Messages that arrive twice; without --counted any number includes this one (1).")
    private int duplicates;

    @Option(
            names = "--drops",
            paramLabel = "N",
            defaultValue = "0",
            description = "Messages that are lost for certain; without --counted any number includes this one (0).")
    private int drops;

    @Option(names = "--hands", paramLabel = "N", defaultValue = "0", description = "Branches decided by hand (0).")
    private int hands;

    @Option(
            names = "--operators",
            paramLabel = "N",
            defaultValue = "0",
            description = "Times that somebody gives up on a branch or settles one (0).")
    private int operators;

    @Option(
            names = "--suspicions",
            paramLabel = "N",
            defaultValue = "0",
            description = "Participants taken for dead that live (0).")
    private int suspicions;

    @Option(names = "--refusals", paramLabel = "N", defaultValue = "0", description = "Branches that vote NO (0).")
    private int refusals;

    @Option(names = "--readers", paramLabel = "N", defaultValue = "0", description = "Branches that only read (0).")
    private int readers;

    @Option(
            names = "--strays",
            paramLabel = "N",
            defaultValue = "0",
            description = "Calls that are made though the commit was asked for (0).")
    private int strays;

    @Option(names = "--steps", description = "Something may happen between a database's being asked and its answer.")
    private boolean steps;

    @Option(
            names = "--max-states",
            paramLabel = "N",
            defaultValue = "30000000",
            description = "Give up after so many (30,000,000, for which 2 GiB suffice;"
                    + " ASSENT_JVM_OPTIONS=-Xmx8g makes room for more).")
    private long maxStates;

    @Option(
            names = "--max-seconds",
            paramLabel = "N",
            defaultValue = "3600",
            description = "Give up after so long (3600).")
    private double maxSeconds;

    /** Runs the command as a process. */
    public static void main(String[] arguments) {
        CommandRunner.main(new ExploreCommand(), arguments);
    }

    @Override
    protected Verdict run() {
        if (!protocol.equals("2pc")) {
            throw usage("There is no protocol '" + protocol + "' to explore.", "Give --protocol 2pc.");
        }
        Bounds bounds;
        try {
            bounds = new Bounds(
                    branches,
                    nodes,
                    terms,
                    crashes,
                    counted ? duplicates : Bounds.UNLIMITED,
                    counted ? drops : 0,
                    hands,
                    operators,
                    suspicions,
                    refusals,
                    readers,
                    strays,
                    steps ? 1 : 0);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage() + ".", "Give another number.");
        }
        Exploration found;
        try (Progress progress = progress()) {
            progress.step("Exploring " + bounds + " ...");
            found = new Explorer(bounds)
                    .walk(maxStates, maxSeconds, states -> progress.update(String.format("%,d states", states)));
        }
        print(json(found), text(found));
        return verdict(found);
    }

    /** A walk that was cut off, or in which something possible never happened, proves too little. */
    private static Verdict verdict(Exploration found) {
        if (!found.holds()) {
            return found.isSafety() ? Verdict.BROKEN : Verdict.ENDLESS;
        }
        return found.isExhausted() && found.neverEnabled().isEmpty() ? Verdict.HELD : Verdict.NOT_REACHED;
    }

    private static String conclusion(Exploration found) {
        if (!found.holds()) {
            return "It did not hold: " + found.violation() + ".";
        } else if (!found.isExhausted()) {
            return "Nothing was broken in what was seen, but a limit cut the walk off: raise --max-states or"
                    + " --max-seconds, or lower the bounds.";
        } else if (!found.neverEnabled().isEmpty()) {
            return "Everything held, but something that these bounds allow never happened: nothing was learnt about it.";
        }
        return "Everything held.";
    }

    private static ObjectNode json(Exploration found) {
        ObjectNode object = Json.object();
        object.put("protocol", "2pc");
        found.bounds().values().forEach((name, bound) -> {
            if (bound == Bounds.UNLIMITED) {
                object.put(name, "unlimited");
            } else {
                object.put(name, bound);
            }
        });
        object.put("states", found.states())
                .put("transitions", found.transitions())
                .put("depth", found.depth())
                .put("seconds", found.seconds())
                .put("exhausted", found.isExhausted())
                .put("violations", found.holds() ? 0 : 1)
                .put("violation", found.violation());
        ObjectNode enabled = object.putObject("enabled");
        found.enabled().forEach((kind, count) -> enabled.put(nameOf(kind), count));
        ArrayNode never = object.putArray("neverEnabled");
        found.neverEnabled().forEach(kind -> never.add(nameOf(kind)));
        ArrayNode trace = object.putArray("trace");
        found.trace().forEach(trace::add);
        return object;
    }

    private String text(Exploration found) {
        StringBuilder text = new StringBuilder();
        if (!found.holds()) {
            text.append("violation ").append(found.violation()).append("\n\n");
            found.trace().forEach(line -> text.append(line).append('\n'));
            text.append('\n');
        }
        Table table = new Table("what may happen", ">how often");
        found.enabled().forEach((kind, count) -> {
            if (kind.isPossible(found.bounds())) {
                table.row(kind.meaning(), count == 0 ? "NEVER" : String.format("%,d", count));
            }
        });
        text.append(table.text(terminal())).append('\n');
        text.append(String.format(
                "%,d states, %,d transitions, depth %d, %.1f s, of %,d states of nodes and %,d of participants: %s.%n",
                found.states(),
                found.transitions(),
                found.depth(),
                found.seconds(),
                found.nodeStates(),
                found.instanceStates(),
                found.isExhausted() ? "everything within the bounds was seen" : "NOT everything was seen"));
        text.append(conclusion(found));
        return text.toString();
    }

    private static String nameOf(ActionKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
