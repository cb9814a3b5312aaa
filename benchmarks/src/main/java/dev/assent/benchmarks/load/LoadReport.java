package dev.assent.benchmarks.load;

import dev.assent.benchmarks.client.Measured;
import dev.assent.cli.Json;
import dev.assent.cli.Table;
import dev.assent.cli.Terminal;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** A run's result for people and for machines. Stateless. */
public final class LoadReport {
    private LoadReport() {}

    /** The object that {@code --json} prints. */
    public static ObjectNode json(LoadResult result) {
        Measured measured = result.measured();
        ObjectNode object = Json.object();
        object.putObject("plan")
                .put("callers", result.plan().callers().name().toLowerCase(Locale.ROOT))
                .put("threads", result.plan().threads())
                .put("branches", result.plan().branches())
                .put("answer", result.plan().answer())
                .put("shards", result.shards())
                .put("warmUpSeconds", result.plan().warmUpSeconds())
                .put("seconds", result.plan().seconds());
        object.put("transactionsPerSecond", rounded(result.transactionsPerSecond(), 10));
        object.putObject("latencyMillis")
                .put("p50", measured.p50Micros() / 1e3)
                .put("p99", measured.p99Micros() / 1e3)
                .put("p999", measured.p999Micros() / 1e3);
        object.putObject("cpuSecondsPer1000")
                .put("leader", rounded(result.leaderCpuPer1000(), 10_000))
                .put("follower", rounded(result.followerCpuPer1000(), 10_000))
                .put("client", rounded(result.clientCpuPer1000(), 10_000));
        object.put("recordsPerEntry", rounded(result.log().recordsPerEntry(), 100))
                .put("forcedWritesPerSecond", rounded(result.log().forcedWritesPerSecond(), 10))
                .put("committed", measured.committed())
                .put("failed", measured.failed())
                .put("firstFailure", measured.firstFailure())
                .put("leaderStayed", result.leaderStayed());
        return object;
    }

    /** Tables and, if anything went wrong, what. */
    public static String text(LoadResult result, Terminal terminal) {
        Measured measured = result.measured();
        Table speed = new Table(">TX/S", ">P50 MS", ">P99 MS", ">P99.9 MS", ">RECORDS/ENTRY", ">FORCED WRITES/S");
        speed.row(
                number("%.0f", result.transactionsPerSecond()),
                millis(measured.p50Micros()),
                millis(measured.p99Micros()),
                millis(measured.p999Micros()),
                number("%.1f", result.log().recordsPerEntry()),
                number("%.0f", result.log().forcedWritesPerSecond()));
        Table cpu = new Table("PROCESS", ">CPU US/TX", ">CORES BUSY");
        cpuRow(cpu, "leader", result, result.leaderCpuPer1000());
        cpuRow(cpu, "each follower", result, result.followerCpuPer1000());
        cpuRow(cpu, "client", result, result.clientCpuPer1000());
        StringBuilder text =
                new StringBuilder(speed.text(terminal)).append("\n\n").append(cpu.text(terminal));
        if (measured.failed() > 0) {
            text.append("\n\n").append(terminal.styled(Terminal.Style.BAD, measured.failed() + " did not commit"));
            text.append("; the first: ").append(measured.firstFailure());
        }
        if (!result.leaderStayed()) {
            text.append("\n\nThe leader changed meanwhile: the figures are those of an election.");
        }
        return text.toString();
    }

    private static void cpuRow(Table table, String process, LoadResult result, double secondsPer1000) {
        table.row(
                process,
                number("%.0f", secondsPer1000 * 1_000),
                number("%.2f", secondsPer1000 / 1_000 * result.transactionsPerSecond()));
    }

    private static String millis(long micros) {
        return number("%.2f", micros / 1e3);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static double rounded(double value, int perUnit) {
        return (double) Math.round(value * perUnit) / perUnit;
    }
}
