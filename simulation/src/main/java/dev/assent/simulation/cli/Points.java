package dev.assent.simulation.cli;

import dev.assent.cli.Table;
import dev.assent.cli.Terminal;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.simulation.PointCount;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** What came of each fault point. */
final class Points {
    private Points() {}

    static String text(Terminal terminal, Map<FaultPoint, PointCount> points) {
        Table table = new Table("fault point", ">hits", ">strikes", ">crashes");
        new TreeMap<>(points)
                .forEach((point, count) -> table.row(
                        point.label(),
                        String.format("%,d", count.hits()),
                        String.format("%,d", count.strikes()),
                        String.format("%,d", count.crashes())));
        return table.text(terminal) + "\n";
    }

    static void put(ObjectNode object, Map<FaultPoint, PointCount> points) {
        new TreeMap<>(points)
                .forEach((point, count) -> object.putObject(point.label())
                        .put("hits", count.hits())
                        .put("strikes", count.strikes())
                        .put("crashes", count.crashes()));
    }
}
