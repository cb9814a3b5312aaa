package dev.assent.simulation.cli;

import dev.assent.cli.Json;
import dev.assent.simulation.FaultKind;
import dev.assent.simulation.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A plan in a file, so that a world that was made small can be run again. */
final class PlanFile {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private PlanFile() {}

    static void write(Path file, Plan plan) throws IOException {
        ObjectNode object = Json.object();
        object.put("seed", hex(plan.seed())).put("transactions", plan.transactions());
        ArrayNode leftOut = object.putArray("leftOut");
        plan.leftOut().stream().sorted().forEach(leftOut::add);
        ArrayNode kindsOff = object.putArray("kindsOff");
        plan.kindsOff().stream().sorted().forEach(kind -> kindsOff.add(kind.name()));
        ArrayNode rulesOff = object.putArray("rulesOff");
        plan.rulesOff().stream().sorted().forEach(rulesOff::add);
        // As text: they do not fit the numbers of all readers of JSON.
        ArrayNode faultsOff = object.putArray("faultsOff");
        plan.faultsOff().stream().sorted().forEach(bits -> faultsOff.add(hex(bits)));
        Files.writeString(file, Json.text(object));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException if there is no such file
     * @throws IllegalArgumentException if it holds something else
     */
    static Plan read(Path file) throws IOException {
        try {
            JsonNode object = MAPPER.readTree(Files.readString(file));
            Set<Integer> leftOut = new LinkedHashSet<>();
            object.path("leftOut").forEach(number -> leftOut.add(number.asInt()));
            Set<FaultKind> kindsOff = new LinkedHashSet<>();
            object.path("kindsOff").forEach(kind -> kindsOff.add(FaultKind.valueOf(kind.asString())));
            Set<Integer> rulesOff = new LinkedHashSet<>();
            object.path("rulesOff").forEach(number -> rulesOff.add(number.asInt()));
            Set<Long> faultsOff = new LinkedHashSet<>();
            object.path("faultsOff").forEach(bits -> faultsOff.add(number(bits.asString())));
            return new Plan(
                    number(object.path("seed").asString()),
                    object.path("transactions").asInt(),
                    leftOut,
                    kindsOff,
                    rulesOff,
                    faultsOff);
        } catch (JacksonException | IllegalArgumentException broken) {
            throw new IllegalArgumentException(file + " is no plan: " + broken.getMessage(), broken);
        }
    }

    static String hex(long number) {
        return "0x" + Long.toHexString(number).toUpperCase(java.util.Locale.ROOT);
    }

    /** A number in decimal, or in hexadecimal behind {@code 0x}. */
    static long number(String text) {
        return text.startsWith("0x") || text.startsWith("0X")
                ? Long.parseUnsignedLong(text.substring(2), 16)
                : Long.parseLong(text);
    }
}
