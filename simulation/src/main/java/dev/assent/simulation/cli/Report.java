package dev.assent.simulation.cli;

import dev.assent.cli.Json;
import dev.assent.cli.Software;
import dev.assent.cli.Table;
import dev.assent.cli.Terminal;
import dev.assent.simulation.BlockResult;
import dev.assent.simulation.FaultKind;
import dev.assent.simulation.RunResult;
import dev.assent.simulation.Simulation;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the command says. */
final class Report {
    private final Terminal terminal;

    Report(Terminal terminal) {
        this.terminal = terminal;
    }

    // ---- text ----

    String text(RunResult result, Optional<Failure> failure) {
        String counts = String.format(
                "%,d transactions begun, %,d events, %.1f s of virtual time, faults %s, hash %016x",
                result.begun(), result.events(), result.virtualNanos() / 1e9, names(result.faults()), result.hash());
        return failure.map(this::text).orElse("") + counts + "\n"
                + (failure.isEmpty() ? terminal.styled(Terminal.Style.GOOD, "Everything held.") : again(failure.get()));
    }

    String text(BlockResult result, Optional<Failure> failure) {
        StringBuilder text = new StringBuilder(failure.map(this::text).orElse(""));
        Table table = new Table("fault", ">how often");
        new TreeMap<>(result.faults()).forEach((kind, n) -> table.row(nameOf(kind), String.format("%,d", n)));
        text.append(table.text(terminal)).append('\n');
        text.append(String.format(
                "%,d seeds, %,d transactions, %,d events in %.1f s: %.0f seeds/s%n",
                result.seeds(), result.begun(), result.events(), result.seconds(), result.seeds() / result.seconds()));
        text.append(Coverages.text(terminal, result.visited()));
        text.append(Points.text(terminal, result.points()));
        result.untriedPoints()
                .forEach(point ->
                        text.append("never stopped at: ").append(point.label()).append('\n'));
        result.neverHit()
                .forEach(mark -> text.append("never: ").append(mark.text()).append('\n'));
        text.append(
                failure.isEmpty()
                        ? terminal.styled(Terminal.Style.GOOD, "Everything held.")
                        : result.failures().size() + " worlds did not hold. " + again(failure.get()));
        return text.toString();
    }

    private String text(Failure failure) {
        StringBuilder text = new StringBuilder();
        RunResult small = failure.small();
        text.append(terminal.styled(Terminal.Style.BAD, "violation " + failure.law()))
                .append(String.format(
                        " seed=%s version=%s minimal=%s (%d tx, %d faults; was %d, %d)%n",
                        PlanFile.hex(failure.found().plan().seed()),
                        Software.VERSION,
                        failure.file(),
                        small.begun(),
                        small.struck().size(),
                        failure.found().begun(),
                        failure.found().struck().size()));
        text.append(again(failure)).append("\n\n");
        small.timeline().forEach(line -> text.append(line).append('\n'));
        return text.append('\n')
                .append(small.violation().orElseThrow().what())
                .append("\n\n")
                .toString();
    }

    private static String again(Failure failure) {
        return "Again: ./assent simulate --plan " + failure.file() + " --timeline";
    }

    private static Map<String, Long> names(Map<FaultKind, Long> faults) {
        Map<String, Long> names = new TreeMap<>();
        faults.forEach((kind, n) -> names.put(nameOf(kind), n));
        return names;
    }

    private static String nameOf(FaultKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    // ---- JSON ----

    ObjectNode json(RunResult result, Optional<Failure> failure) {
        ObjectNode object = Json.object();
        object.put("seed", PlanFile.hex(result.plan().seed()));
        object.put("parameters", Simulation.parametersOf(result.plan()));
        object.put("seeds", 1).put("transactions", result.begun()).put("events", result.events());
        object.put("hash", String.format("%016x", result.hash()));
        ObjectNode faults = object.putObject("faults");
        names(result.faults()).forEach(faults::put);
        Points.put(object.putObject("points"), result.points());
        object.put("violations", failure.isPresent() ? 1 : 0);
        failure.ifPresent(it -> put(object, it));
        return object;
    }

    ObjectNode json(long first, BlockResult result, Optional<Failure> failure) {
        ObjectNode object = Json.object();
        object.put("firstSeed", PlanFile.hex(first));
        object.put("seeds", result.seeds()).put("transactions", result.begun()).put("events", result.events());
        ObjectNode faults = object.putObject("faults");
        names(result.faults()).forEach(faults::put);
        object.put("violations", result.failures().size());
        object.put("seconds", result.seconds()).put("seedsPerSecond", result.seeds() / result.seconds());
        Points.put(object.putObject("points"), result.points());
        ObjectNode marks = object.putObject("marks");
        new TreeMap<>(result.marks()).forEach((mark, n) -> marks.put(mark.text(), n));
        Coverages.put(object, result.visited());
        failure.ifPresent(it -> put(object, it));
        return object;
    }

    private static void put(ObjectNode object, Failure failure) {
        ObjectNode violation = object.putObject("violation");
        violation.put("law", failure.law());
        violation.put("seed", PlanFile.hex(failure.found().plan().seed()));
        violation.put("what", failure.found().violation().orElseThrow().what());
        violation.put("plan", failure.file().toString());
        ArrayNode timeline = violation.putArray("timeline");
        failure.small().timeline().forEach(timeline::add);
    }
}
