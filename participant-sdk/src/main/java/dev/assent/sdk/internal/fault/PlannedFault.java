package dev.assent.sdk.internal.fault;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One fault, written {@code <point>:<action>[:<key>=<number>…]}, for processes that a test starts: for example {@code
 * prepare.durable:halt:nth=3} ends the process without any clean-up the third time that a branch is durably prepared.
 *
 * <p>Actions are {@code halt}, {@code kill} (by the operating system), {@code throw}, {@code delay} (with {@code millis=}), {@code drop} and {@code duplicate};
 * {@code nth=} counts the visits of the point from 1, without it the fault strikes at every visit.
 */
public final class PlannedFault implements FaultSeam {
    /** What a process that halts by a planned fault exits with, so that a test can tell it from a real crash. */
    public static final int HALT_EXIT_CODE = 86;

    private final FaultPoint point;
    private final Action action;
    private final int nth;
    private final long delayMillis;
    private final AtomicInteger visits = new AtomicInteger();

    private PlannedFault(FaultPoint point, Action action, int nth, long delayMillis) {
        this.point = point;
        this.action = action;
        this.nth = nth;
        this.delayMillis = delayMillis;
    }

    /**
     * Reads the form above.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    public static PlannedFault parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 2) {
            throw new IllegalArgumentException(
                    "a fault is written <point>:<action>[:nth=<number>][:millis=<number>], not '" + text + "'");
        }
        int nth = 0;
        long millis = 0;
        for (int i = 2; i < parts.length; i++) {
            if (parts[i].startsWith("nth=")) {
                nth = positive(parts[i]);
            } else if (parts[i].startsWith("millis=")) {
                millis = positive(parts[i]);
            } else {
                throw new IllegalArgumentException("a fault knows nth= and millis=, not '" + parts[i] + "'");
            }
        }
        Action action = Action.parse(parts[1]);
        if ((action == Action.DELAY) != (millis > 0)) {
            throw new IllegalArgumentException("millis= belongs to delay, and delay needs it: '" + text + "'");
        }
        return new PlannedFault(FaultPoint.parse(parts[0]), action, nth, millis);
    }

    @Override
    public Fate at(FaultPoint visited) {
        if (visited != point) {
            return Fate.PROCEED;
        }
        int visit = visits.incrementAndGet();
        return nth == 0 || nth == visit ? strike() : Fate.PROCEED;
    }

    private Fate strike() {
        switch (action) {
            case HALT -> Runtime.getRuntime().halt(HALT_EXIT_CODE);
            case KILL -> killThisProcess();
            case THROW -> throw new InjectedFaultException(point);
            case DELAY -> pause();
            case DROP -> {
                return Fate.DROP;
            }
            case DUPLICATE -> {
                return Fate.DUPLICATE;
            }
        }
        return Fate.PROCEED;
    }

    /** Holds this thread at the point until the operating system has killed the process. */
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

    private void pause() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }

    private static int positive(String pair) {
        String digits = pair.substring(pair.indexOf('=') + 1);
        if (!digits.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("must be a number from 1: '" + pair + "'");
        }
        return Integer.parseInt(digits);
    }

    private enum Action {
        HALT,
        KILL,
        THROW,
        DELAY,
        DROP,
        DUPLICATE;

        static Action parse(String text) {
            return switch (text) {
                case "halt" -> HALT;
                case "kill" -> KILL;
                case "throw" -> THROW;
                case "delay" -> DELAY;
                case "drop" -> DROP;
                case "duplicate" -> DUPLICATE;
                default ->
                    throw new IllegalArgumentException(
                            "a fault's action is halt, kill, throw, delay, drop or duplicate, not '" + text + "'");
            };
        }
    }
}
