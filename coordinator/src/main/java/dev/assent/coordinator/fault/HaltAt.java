package dev.assent.coordinator.fault;

import dev.assent.protocol.Xid;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process at the n-th time that a point is reached, as a power cut would: no shutdown hook runs, nothing is
 * flushed. For child processes of tests and of the demo; a node accepts it in development mode only.
 *
 * <p>Written {@code <point>:<action>[:nth=<n>][:once=<file>]}. The action {@code halt} ends the JVM on the spot;
 * {@code kill} has the operating system kill the process and holds the shard's thread at the point until it has. With
 * {@code once}, of all processes that name the same file only the first one that gets there dies: whichever node leads.
 */
public final class HaltAt implements FaultSeam {
    /** The system property that activates it, such as {@code decision.applied:halt:nth=3}. */
    public static final String PROPERTY = "assent.fault";

    /** Exit code of a process that halted. */
    public static final int EXIT_CODE = 86;

    private final FaultPoint point;
    private final AtomicLong left;
    private final Optional<Path> once;
    private final Runnable death;

    private HaltAt(FaultPoint point, long nth, Optional<Path> once, Runnable death) {
        this.point = point;
        this.left = new AtomicLong(nth);
        this.once = once;
        this.death = death;
    }

    /**
     * Reads the form above.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names what is allowed
     */
    public static HaltAt parse(String text) {
        return parse(text, () -> Runtime.getRuntime().halt(EXIT_CODE), HaltAt::killThisProcess);
    }

    static HaltAt parse(String text, Runnable halt, Runnable kill) {
        String[] parts = text.split(":", 4);
        if (parts.length < 2) {
            throw new IllegalArgumentException(
                    "a fault must be <point>:halt or <point>:kill, then :nth=<n> and :once=<file>, not '" + text + "'");
        }
        FaultPoint point = FaultPoint.ofLabel(parts[0])
                .orElseThrow(() -> new IllegalArgumentException("unknown fault point '" + parts[0] + "'; there are: "
                        + Arrays.stream(FaultPoint.values())
                                .map(FaultPoint::label)
                                .collect(Collectors.joining(", "))));
        Runnable death = switch (parts[1]) {
            case "halt" -> halt;
            case "kill" -> kill;
            default ->
                throw new IllegalArgumentException("a fault's action must be halt or kill, not '" + parts[1] + "'");
        };
        long nth = 1;
        Optional<Path> once = Optional.empty();
        for (int i = 2; i < parts.length; i++) {
            if (parts[i].matches("nth=[1-9][0-9]{0,8}")) {
                nth = Long.parseLong(parts[i].substring("nth=".length()));
            } else if (parts[i].matches("once=.+")) {
                once = Optional.of(Path.of(parts[i].substring("once=".length())));
            } else {
                throw new IllegalArgumentException(
                        "a fault knows nth=<n>, with n from 1, and once=<file>, not '" + parts[i] + "'");
            }
        }
        return new HaltAt(point, nth, once, death);
    }

    @Override
    public void hit(FaultPoint reached, @Nullable Xid xid) {
        if (reached == point && left.decrementAndGet() == 0 && isFirst()) {
            death.run();
        }
    }

    private boolean isFirst() {
        if (once.isEmpty()) {
            return true;
        }
        try {
            Files.createFile(once.get());
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("cannot create " + once.get(), e);
        }
    }

    private static void killThisProcess() {
        try {
            new ProcessBuilder(
                            "kill", "-9", Long.toString(ProcessHandle.current().pid()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("cannot kill this process", e);
        }
        while (true) {
            LockSupport.park();
        }
    }
}
