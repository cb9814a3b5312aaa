package dev.assent.coordinator.fault;

import dev.assent.protocol.fault.FaultRule;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** How a rule's process dies or waits, and whether it is this one. */
final class ProcessDeath {
    /** What a process that halts exits with, so that a test can tell it from a real crash. */
    static final int HALT_EXIT_CODE = 86;

    private ProcessDeath() {}

    /** Of all processes that share the rule's file only the first one is struck. */
    static boolean isOurs(FaultRule rule) {
        if (rule.once().isEmpty()) {
            return true;
        }
        try {
            Files.createFile(Path.of(rule.once().get()));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("cannot create " + rule.once().get(), e);
        }
    }

    /** As a power cut would: no hook runs, nothing is flushed. */
    static void halt() {
        Runtime.getRuntime().halt(HALT_EXIT_CODE);
    }

    /** Holds this thread at the point until the operating system has killed the process. */
    static void kill() {
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

    /** When so many milliseconds will have passed, for {@link #isBefore}. */
    static long after(int millis) {
        return System.nanoTime() + millis * 1_000_000L;
    }

    static boolean isBefore(long endNanos) {
        return System.nanoTime() - endNanos < 0;
    }

    /** Waits, unless it is interrupted. */
    static void pause(long millis) {
        long endNanos = System.nanoTime() + millis * 1_000_000;
        for (long left = millis * 1_000_000; left > 0; left = endNanos - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }
}
