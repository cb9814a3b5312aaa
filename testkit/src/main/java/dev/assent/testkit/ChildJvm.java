package dev.assent.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Java process of our own, on the class path of this one, that can be killed and paused for real. Its output goes to a
 * file. Ends with this process at the latest. Thread-safe.
 */
public final class ChildJvm implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Path output;
    private final Thread endWithParent;

    private ChildJvm(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
        // A parent that is stopped by a signal must not leave servers behind.
        this.endWithParent = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(endWithParent);
    }

    /**
     * Starts a main class.
     *
     * @param name for messages
     * @param output where its standard output and error go; appended to
     * @param jvmOptions such as {@code -Xmx256m}
     * @param mainClass what to run
     * @param arguments of the main class
     * @throws UncheckedIOException if the process cannot be started
     */
    public static ChildJvm start(
            String name, Path output, List<String> jvmOptions, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        try {
            Files.createDirectories(output.toAbsolutePath().getParent());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            process.getOutputStream().close();
            return new ChildJvm(name, process, output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The operating system's number of the process. */
    public long pid() {
        return process.pid();
    }

    /** What it ended with, once it has. */
    public Optional<Integer> exitCode() {
        return process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /** Everything it has printed so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until it has printed a line that begins with this.
     *
     * @return the rest of the line
     * @throws IllegalStateException if it ends, or time passes, before it has; with the end of its output
     */
    public String awaitLine(String beginning, Duration patience) {
        return Await.value(name + " prints '" + beginning + "'", patience, () -> {
            Optional<String> line = lineWith(beginning);
            if (line.isEmpty() && !process.isAlive()) {
                throw new IllegalStateException(name + " ended with code " + process.exitValue() + ":\n" + tail());
            }
            return line;
        });
    }

    private Optional<String> lineWith(String beginning) {
        try (Stream<String> lines = Files.lines(output)) {
            return lines.filter(line -> line.startsWith(beginning))
                    .map(line -> line.substring(beginning.length()).strip())
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of its output. */
    public String tail() {
        List<String> lines = output().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    /** SIGKILL: nothing of it runs any more when this returns. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    /** SIGTERM, as an operator or a container platform ends a process; returns when it has ended. */
    public void terminate(Duration patience) {
        process.destroy();
        awaitEnd(patience);
    }

    /** SIGSTOP: it stands still with everything that it holds. */
    public void pause() {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill " + signal + " of " + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Waits for its end.
     *
     * @throws IllegalStateException if it still runs after that time
     */
    public void awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException(name + " still runs after " + patience + ":\n" + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
        try {
            Runtime.getRuntime().removeShutdownHook(endWithParent);
        } catch (IllegalStateException alreadyEnding) {
            // The parent is on its way down; its hook does the same.
            return;
        }
    }
}
