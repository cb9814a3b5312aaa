package dev.assent.proto.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes of the public contract do not change: processes and nodes of different releases must understand each other.
 * {@code -Dgolden=update} rewrites the files, which a review must then accept as a change of the contract.
 */
class GoldenBytesTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "golden");
    private static final Map<String, Supplier<Map<String, Message>>> FILES = Map.of(
            "frames.txt", GoldenMessages::frames,
            "sessions.txt", GoldenMessages::sessions,
            "calls.txt", GoldenMessages::calls);

    @ParameterizedTest
    @ValueSource(strings = {"frames.txt", "sessions.txt", "calls.txt"})
    void messagesAreWrittenAsTheGoldenBytesAndReadFromThem(String file) throws IOException {
        Map<String, Message> messages = messages(file);
        if ("update".equals(System.getProperty("golden"))) {
            write(file, messages);
        }
        Map<String, byte[]> golden = read(file);
        assertThat(golden.keySet()).as("entries of %s", file).containsExactlyElementsOf(messages.keySet());
        messages.forEach((name, message) -> {
            assertThat(message.toByteArray()).as("bytes of %s", name).isEqualTo(golden.get(name));
            assertThat(parsed(message, golden.get(name)))
                    .as("%s as read from its golden bytes", name)
                    .isEqualTo(message);
        });
    }

    @Test
    void everyKindOfFrameHasGoldenBytes() {
        Set<String> kinds = Arrays.stream(Frame.Kind.values())
                .filter(kind -> kind != Frame.Kind.UNRECOGNIZED && kind != Frame.Kind.KIND_UNSPECIFIED)
                .map(Enum::name)
                .collect(Collectors.toSet());
        assertThat(GoldenMessages.frames().keySet()).containsExactlyInAnyOrderElementsOf(kinds);
    }

    @Test
    void everyFieldOfTheContractHasGoldenBytes() {
        Set<String> unset = new TreeSet<>();
        Set<String> set = new TreeSet<>();
        FILES.values().forEach(all -> all.get().values().forEach(message -> walk(message, set, unset)));
        unset.removeAll(set);
        assertThat(unset).as("fields that no golden message sets").isEmpty();
    }

    private static void walk(Message message, Set<String> set, Set<String> unset) {
        Map<FieldDescriptor, Object> values = message.getAllFields();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            (values.containsKey(field) ? set : unset).add(field.getFullName());
        }
        for (Object value : values.values()) {
            for (Object single : value instanceof List<?> list ? list : List.of(value)) {
                if (single instanceof Message nested) {
                    walk(nested, set, unset);
                }
            }
        }
    }

    private static Map<String, Message> messages(String file) {
        Supplier<Map<String, Message>> messages = FILES.get(file);
        return messages == null ? fail("no messages for " + file) : messages.get();
    }

    private static Message parsed(Message prototype, byte[] bytes) {
        try {
            return prototype.getParserForType().parseFrom(bytes);
        } catch (InvalidProtocolBufferException unreadable) {
            return fail("golden bytes are not readable", unreadable);
        }
    }

    private static Map<String, byte[]> read(String file) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FOLDER.resolve(file))) {
            if (!line.startsWith("#")) {
                String[] entry = line.split(" ", 2);
                all.put(entry[0], HexFormat.of().parseHex(entry[1]));
            }
        }
        return all;
    }

    private static void write(String file, Map<String, Message> messages) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# <name> <bytes of the message>; rewritten by -Dgolden=update only");
        messages.forEach(
                (name, message) -> lines.add(name + " " + HexFormat.of().formatHex(message.toByteArray())));
        Files.createDirectories(FOLDER);
        Files.write(FOLDER.resolve(file), lines);
    }
}
