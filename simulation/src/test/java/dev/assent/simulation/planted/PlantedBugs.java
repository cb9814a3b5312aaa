package dev.assent.simulation.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The bugs, and the tools that look for them. */
final class PlantedBugs {
    /**
     * A tool is a {@code UnaryOperator<String>} with a constructor without parameters: it is given what the bug's line
     * {@code with} says, and returns what it found on one line, or nothing. It is loaded anew for each bug, with the
     * broken cores; only types of the JDK can cross.
     */
    static final Map<String, String> TOOLS = Map.of(
            "simulator", "dev.assent.simulation.planted.SimulatorTool",
            "explorer", "dev.assent.simulation.explore.ExplorerTool");

    private PlantedBugs() {}

    /** All of them, by name. */
    static List<PlantedBug> all() {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(path -> path.toString().endsWith(".bug"))
                    .sorted()
                    .map(PlantedBug::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory() {
        return Path.of(System.getProperty("basedir", "")).resolve("src/test/resources/planted-bugs");
    }

    /**
     * @param found what the tool says, on one line; empty if it found nothing
     * @param millis how long it looked, without the compiler; of the processor's time, since others may use it, too
     */
    record Search(PlantedBug bug, String found, long millis) {}

    /** Breaks the cores and looks for the bug as recorded. */
    static Search search(PlantedBug bug) {
        return search(bug, bug.with());
    }

    /** Breaks the cores and looks for the bug in another way than recorded. */
    static Search search(PlantedBug bug, String with) {
        String tool = TOOLS.get(bug.tool());
        if (tool == null) {
            throw new IllegalStateException(
                    bug + ": there is no tool '" + bug.tool() + "', only " + new TreeMap<>(TOOLS).keySet());
        }
        try {
            // A class of its own loader, which this code cannot name: only the JDK's interface is shared.
            Object search = Class.forName(tool, true, PatchedCores.of(bug))
                    .getDeclaredConstructor()
                    .newInstance();
            ThreadMXBean clock = ManagementFactory.getThreadMXBean();
            long begun = clock.getCurrentThreadCpuTime();
            String found = apply(search, with);
            return new Search(bug, found, (clock.getCurrentThreadCpuTime() - begun) / 1_000_000);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(bug + ": the tool " + tool + " cannot be started", e);
        }
    }

    /** Lets the simulator look from the first seed on, and writes down where it found the bug. */
    static Search record(PlantedBug bug) {
        Search search = search(bug, "from 1 for 60 s");
        if (search.found().isEmpty()) {
            return search;
        }
        String seed = search.found().substring(0, search.found().indexOf(' ', "seed ".length()));
        Path file = directory().resolve(bug.name() + ".bug");
        try {
            String text = Files.readString(file);
            Files.writeString(file, text.replace("with: " + bug.with() + "\n", "with: " + seed + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Search(
                new PlantedBug(bug.name(), bug.chapter(), bug.tool(), seed, bug.patches()),
                search.found(),
                search.millis());
    }

    @SuppressWarnings("unchecked")
    private static String apply(Object search, String with) {
        return ((UnaryOperator<String>) search).apply(with);
    }
}
