package dev.assent.simulation.cli;

import dev.assent.cli.Table;
import dev.assent.cli.Terminal;
import dev.assent.simulation.Machine;
import dev.assent.simulation.Pair;
import dev.assent.simulation.Visited;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Which pairs of a state and an input came up, which cannot and why, and which did not. */
final class Coverages {
    private Coverages() {}

    static String text(Terminal terminal, Visited visited) {
        Table table = new Table("states × inputs", ">pairs", ">visited", ">impossible", ">never");
        StringBuilder contradicted = new StringBuilder();
        for (Machine machine : Machine.values()) {
            table.row(
                    nameOf(machine),
                    machine.pairs().size(),
                    visited.of(machine).size(),
                    machine.impossible().size(),
                    visited.never(machine).size());
            visited.contradicted(machine)
                    .forEach(pair -> contradicted.append(
                            String.format("visited, and listed as impossible: %s %s%n", nameOf(machine), pair)));
        }
        return table.text(terminal) + "\n" + contradicted;
    }

    static void put(ObjectNode object, Visited visited) {
        ObjectNode coverage = object.putObject("coverage");
        ObjectNode never = object.putObject("neverVisited");
        ObjectNode impossible = object.putObject("impossible");
        for (Machine machine : Machine.values()) {
            String name = nameOf(machine);
            ObjectNode counts = coverage.putObject(name);
            Map<Pair, Long> of = visited.of(machine);
            machine.pairs().stream()
                    .filter(of::containsKey)
                    .forEach(pair -> counts.withObjectProperty(pair.state()).put(pair.input(), of.get(pair)));
            ObjectNode missing = never.putObject(name);
            visited.never(machine)
                    .forEach(pair -> missing.withArrayProperty(pair.state()).add(pair.input()));
            ObjectNode reasons = impossible.putObject(name);
            machine.impossible()
                    .forEach((pair, reason) ->
                            reasons.withObjectProperty(pair.state()).put(pair.input(), reason));
        }
    }

    private static String nameOf(Machine machine) {
        return machine.name().toLowerCase(Locale.ROOT);
    }
}
