package dev.assent.samples.demo;

import dev.assent.cli.Json;
import dev.assent.cli.Table;
import dev.assent.cli.Terminal;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A run of the demo for people and for machines. */
public final class DemoReport {
    private DemoReport() {}

    public static String text(Demo.Run run, Terminal terminal) {
        DemoResult result = run.result();
        Table table = new Table("what", ">how many")
                .row("purchases committed", result.committed())
                .row("purchases aborted", result.aborted())
                .row("outcome not known", result.unknown())
                .row("  asked for again, then known", result.askedAgain())
                .row("commit p50, ms", result.latencyMillis().p50())
                .row("commit p99, ms", result.latencyMillis().p99())
                .row("faults survived", result.faults().size())
                .row("seconds", result.seconds());
        Table reasons = new Table(">times", "why a purchase did not commit");
        DemoResult.reasons(run.told()).forEach((why, times) -> reasons.row(times, why));
        String faults = result.faults().stream().map(fault -> "  ✗ " + fault).collect(Collectors.joining("\n"));
        return table.text(terminal) + "\n\n" + faults + "\n\n"
                + (reasons.isEmpty() ? "" : reasons.text(terminal) + "\n\n") + verdict(run, terminal);
    }

    private static String verdict(Demo.Run run, Terminal terminal) {
        DemoResult result = run.result();
        if (result.holds()) {
            return terminal.styled(
                    Terminal.Style.GOOD,
                    "Audit: three databases read, nothing differs from what the buyers were told, nothing in doubt.");
        }
        String differences = run.audit().differences().stream()
                .limit(20)
                .map(difference -> "\n  " + difference)
                .collect(Collectors.joining());
        return terminal.styled(
                Terminal.Style.BAD,
                "Audit: " + result.auditDifferences() + " differences, " + result.inDoubtLeft() + " branches in doubt."
                        + differences);
    }

    public static ObjectNode json(DemoResult result) {
        ObjectNode json = Json.object();
        json.put("committed", result.committed());
        json.put("aborted", result.aborted());
        json.put("unknown", result.unknown());
        json.put("askedAgain", result.askedAgain());
        ArrayNode faults = json.putArray("faults");
        result.faults().forEach(faults::add);
        json.put("auditDifferences", result.auditDifferences());
        json.put("inDoubtLeft", result.inDoubtLeft());
        json.putObject("latencyMillis")
                .put("p50", result.latencyMillis().p50())
                .put("p99", result.latencyMillis().p99());
        json.put("seconds", result.seconds());
        return json;
    }
}
