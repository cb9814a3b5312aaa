package dev.assent.simulation.cli;

import dev.assent.simulation.Machine;
import dev.assent.simulation.Visited;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which pairs of a state and an input came up, which cannot and why, and which are missing. */
final class Coverages {
    private Coverages() {}

    static String text(Visited visited) {
        StringBuilder text = new StringBuilder();
        Map<String, Integer> reasons = new TreeMap<>();
        int impossible = 0;
        for (Machine machine : Machine.values()) {
            Map<String, String> cannot = Visited.impossible(machine);
            impossible += cannot.size();
            cannot.values().forEach(reason -> reasons.merge(nameOf(machine) + ": " + reason, 1, Integer::sum));
        }
        text.append(String.format(
                "states × inputs visited: %d of %d; impossible: %d%n", visited.size(), Visited.count(), impossible));
        reasons.forEach((reason, n) -> text.append(String.format("  %3d %s%n", n, reason)));
        for (Machine machine : Machine.values()) {
            visited.never(machine).forEach(pair -> text.append(String.format("never: %s %s%n", nameOf(machine), pair)));
            visited.contradicted(machine)
                    .forEach(pair ->
                            text.append(String.format("impossible, and visited: %s %s%n", nameOf(machine), pair)));
        }
        return text.toString();
    }

    static void put(ObjectNode coverage, Visited visited) {
        coverage.put("pairs", Visited.count()).put("visited", visited.size());
        int impossible = 0;
        int never = 0;
        ObjectNode machines = coverage.objectNode();
        for (Machine machine : Machine.values()) {
            Map<String, String> reasons = Visited.impossible(machine);
            ObjectNode of = machines.putObject(nameOf(machine));
            of.put("pairs", machine.pairs().size())
                    .put("visited", visited.of(machine).size());
            ObjectNode cannot = of.putObject("impossible");
            reasons.forEach(cannot::put);
            ArrayNode missing = of.putArray("never");
            visited.never(machine).forEach(missing::add);
            ArrayNode contradicted = of.putArray("impossibleAndVisited");
            visited.contradicted(machine).forEach(contradicted::add);
            impossible += reasons.size();
            never += missing.size();
        }
        coverage.put("impossible", impossible).put("never", never).set("machines", machines);
    }

    private static String nameOf(Machine machine) {
        return machine.name().toLowerCase(Locale.ROOT);
    }
}
