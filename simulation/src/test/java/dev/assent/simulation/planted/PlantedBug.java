package dev.assent.simulation.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bug as a change of the production cores' sources, or of the simulator's model of what drives them. A file {@code <name>.bug} holds lines {@code chapter: …},
 * {@code tool: …} and {@code with: …}, then one or more patches:
 *
 * <pre>
 * file: coordinator/PhaseTwo.java
 * &lt;&lt;&lt;&lt;
 * text that occurs once
 * ====
 * what stands there instead
 * &gt;&gt;&gt;&gt;
 * </pre>
 *
 * @param name what is wrong
 * @param chapter of the list of bugs
 * @param tool who must find it, a key of {@link PlantedBugs#TOOLS}
 * @param with what the tool is given: the recorded seed or bound
 */
record PlantedBug(String name, String chapter, String tool, String with, List<Patch> patches) {
    PlantedBug {
        patches = List.copyOf(patches);
    }

    /**
     * @param file below the package {@code dev.assent.protocol}; or {@code simulation/…}, a file of the simulator's model
     * @param find occurs exactly once in it
     */
    record Patch(String file, String find, String replace) {}

    /**
     * @throws IllegalArgumentException if the file is not of the form above
     */
    static PlantedBug read(Path path) {
        List<String> lines;
        try {
            lines = Files.readAllLines(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> header = new TreeMap<>();
        List<Patch> patches = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.equals("<<<<")) {
                int middle = next(lines, at, "====", path);
                int end = next(lines, middle, ">>>>", path);
                patches.add(new Patch(
                        header.getOrDefault("file", ""),
                        String.join("\n", lines.subList(at + 1, middle)),
                        String.join("\n", lines.subList(middle + 1, end))));
                at = end;
            } else if (line.contains(": ")) {
                header.put(line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2));
            } else if (!line.isBlank()) {
                throw new IllegalArgumentException(path + ":" + (at + 1) + ": " + line);
            }
        }
        String file = String.valueOf(path.getFileName());
        return new PlantedBug(
                file.substring(0, file.length() - ".bug".length()),
                need(header, "chapter", path),
                need(header, "tool", path),
                need(header, "with", path),
                patches);
    }

    private static int next(List<String> lines, int after, String mark, Path path) {
        for (int at = after + 1; at < lines.size(); at++) {
            if (lines.get(at).equals(mark)) {
                return at;
            }
        }
        throw new IllegalArgumentException(path + ": no " + mark + " after line " + (after + 1));
    }

    private static String need(Map<String, String> header, String key, Path path) {
        String value = header.get(key);
        if (value == null) {
            throw new IllegalArgumentException(path + ": no line '" + key + ": …'");
        }
        return value;
    }

    @Override
    public String toString() {
        return name;
    }
}
