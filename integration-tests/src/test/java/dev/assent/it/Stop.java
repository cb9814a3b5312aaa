package dev.assent.it;

import dev.assent.protocol.Xid;
import dev.assent.protocol.fault.FaultPlace;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.sdk.internal.fault.FaultSeam;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets whichever thread comes to a step first stand there until it is let go, so that whoever looks on can kill this
 * process, or another one, at that very step. Works in participants, initiators and nodes. Thread-safe.
 */
final class Stop implements FaultSeam, dev.assent.coordinator.fault.FaultSeam {
    /** Said of a step that belongs to no transaction. */
    static final String NO_XID = "-";

    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Optional<FaultPoint> armed = Optional.empty();
    private Optional<String> held = Optional.empty();

    /** What a remote process wants done: {@code hold <point>}, {@code held} or {@code release}. */
    synchronized String answer(String[] words) {
        switch (words[0]) {
            case "hold" -> {
                armed = Optional.of(FaultPoint.parse(words[1]));
                held = Optional.empty();
            }
            case "held" -> {
                return held.orElse("");
            }
            case "release" -> {
                armed = Optional.empty();
                held = Optional.empty();
            }
            default -> throw new IllegalArgumentException("no such wish: " + words[0]);
        }
        return "done";
    }

    @Override
    public Fate at(FaultPoint point, FaultPlace place) {
        visit(point, place.xid().map(Xid::toString).orElse(NO_XID));
        return Fate.PROCEED;
    }

    @Override
    public void hit(FaultPoint point, @Nullable Xid xid) {
        visit(point, xid == null ? NO_XID : xid.toString());
    }

    private void visit(FaultPoint point, String xid) {
        synchronized (this) {
            if (held.isPresent() || !armed.equals(Optional.of(point))) {
                return;
            }
            held = Optional.of(xid);
        }
        long endNanos = System.nanoTime() + LONGEST.toNanos();
        while (isHeldAt(point)
                && System.nanoTime() < endNanos
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    private synchronized boolean isHeldAt(FaultPoint point) {
        return held.isPresent() && armed.equals(Optional.of(point));
    }
}
