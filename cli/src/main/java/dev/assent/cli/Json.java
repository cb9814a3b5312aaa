package dev.assent.cli;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The one object that {@code --json} prints. Thread-safe. */
public final class Json {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** An object to be filled; its keys keep their order. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Records, maps and lists as JSON, indented.
     *
     * @throws tools.jackson.core.JacksonException if the value cannot be written
     */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
