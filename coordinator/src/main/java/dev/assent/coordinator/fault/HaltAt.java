package dev.assent.coordinator.fault;

import dev.assent.protocol.Xid;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process at the n-th time that a point is reached, as a power cut would: no shutdown hook runs, nothing is
 * flushed. For child processes of tests and of the demo; a node accepts it in development mode only.
 */
public final class HaltAt implements FaultSeam {
    /** The system property that activates it, such as {@code decision.applied:halt:nth=3}. */
    public static final String PROPERTY = "assent.fault";

    /** Exit code of a process that ended so. */
    public static final int EXIT_CODE = 86;

    private final FaultPoint point;
    private final AtomicLong left;
    private final Runnable halt;

    private HaltAt(FaultPoint point, long nth, Runnable halt) {
        this.point = point;
        this.left = new AtomicLong(nth);
        this.halt = halt;
    }

    /**
     * Reads {@code <point>:halt} or {@code <point>:halt:nth=<n>}, n counting from 1.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names what is allowed
     */
    public static HaltAt parse(String text) {
        return parse(text, () -> Runtime.getRuntime().halt(EXIT_CODE));
    }

    static HaltAt parse(String text, Runnable halt) {
        String[] parts = text.split(":", -1);
        if (parts.length < 2 || parts.length > 3 || !parts[1].equals("halt")) {
            throw new IllegalArgumentException(
                    "a fault must be <point>:halt or <point>:halt:nth=<n>, not '" + text + "'");
        }
        FaultPoint point = FaultPoint.ofLabel(parts[0])
                .orElseThrow(() -> new IllegalArgumentException("unknown fault point '" + parts[0] + "'; there are: "
                        + Arrays.stream(FaultPoint.values())
                                .map(FaultPoint::label)
                                .collect(Collectors.joining(", "))));
        return new HaltAt(point, parts.length == 3 ? nth(parts[2]) : 1, halt);
    }

    private static long nth(String text) {
        if (!text.matches("nth=[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("a fault's count must be nth=<n> with n from 1, not '" + text + "'");
        }
        return Long.parseLong(text.substring("nth=".length()));
    }

    @Override
    public void hit(FaultPoint reached, @Nullable Xid xid) {
        if (reached == point && left.decrementAndGet() == 0) {
            halt.run();
        }
    }
}
