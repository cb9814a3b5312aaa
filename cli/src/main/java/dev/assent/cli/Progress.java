package dev.assent.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Tells on the error stream what a command is doing: on a terminal one line that is rewritten, elsewhere one line for each
 * step, so that logs stay readable. Thread-safe.
 */
public final class Progress implements AutoCloseable {
    private static final int MAX_WIDTH = 100;
    private static final long UPDATE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Terminal terminal;
    private final boolean isQuiet;
    private boolean lineIsOpen;
    private long lastUpdateNanos = System.nanoTime() - UPDATE_EVERY_NANOS;

    /** @param isQuiet say nothing, as with {@code --json} */
    public Progress(Terminal terminal, boolean isQuiet) {
        this.terminal = terminal;
        this.isQuiet = isQuiet;
    }

    /** A step that begins; on a terminal it replaces the one before. */
    public synchronized void step(String text) {
        if (isQuiet) {
            return;
        }
        PrintStream err = terminal.err();
        if (terminal.isInteractive()) {
            String cut = text.length() > MAX_WIDTH ? text.substring(0, MAX_WIDTH - 1) + "…" : text;
            err.print("\r\u001b[K" + terminal.styled(Terminal.Style.FAINT, cut));
            err.flush();
            lineIsOpen = true;
        } else {
            err.println(text);
        }
    }

    /** How far the step has come: like {@link #step}, but a log gets such a line every few seconds only. */
    public synchronized void update(String text) {
        long nowNanos = System.nanoTime();
        if (terminal.isInteractive() || nowNanos - lastUpdateNanos >= UPDATE_EVERY_NANOS) {
            lastUpdateNanos = nowNanos;
            step(text);
        }
    }

    /** Something worth keeping on the screen. */
    public synchronized void note(String text) {
        close();
        if (!isQuiet) {
            terminal.err().println(text);
        }
    }

    /** Wipes the line that is open, so that results begin on a clean one. May be called again. */
    @Override
    public synchronized void close() {
        if (lineIsOpen) {
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
            lineIsOpen = false;
        }
    }
}
