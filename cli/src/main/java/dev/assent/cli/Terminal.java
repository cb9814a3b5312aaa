package dev.assent.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where a command writes: results to {@code out}, everything else to {@code err}, so that a pipe carries results alone.
 * Thread-safe as far as the streams are.
 *
 * @param out results
 * @param err progress and problems
 * @param isInteractive somebody watches: lines may be rewritten
 * @param hasColor colours may be used
 */
public record Terminal(PrintStream out, PrintStream err, boolean isInteractive, boolean hasColor) {
    /**
     * The process's own streams. Colours follow NO_COLOR (no-color.org): any value that is not empty forbids them, as do
     * {@code TERM=dumb} and output that is no terminal.
     */
    public static Terminal ofProcess() {
        // The launcher knows for certain; a console exists from JDK 22 on even where nobody watches.
        String told = System.getProperty("assent.terminal");
        boolean isTerminal = told == null ? System.console() != null : told.equals("true");
        return of(utf8(FileDescriptor.out), utf8(FileDescriptor.err), isTerminal, System.getenv());
    }

    /** JSON is UTF-8 whatever the locale says; a container's locale often says ASCII. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    static Terminal of(PrintStream out, PrintStream err, boolean isTerminal, Map<String, String> environment) {
        boolean isInteractive = isTerminal && !"dumb".equals(environment.get("TERM"));
        boolean noColor = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(out, err, isInteractive, isInteractive && !noColor);
    }

    /** The text in the style, or plain where colours are not wanted. */
    public String styled(Style style, String text) {
        return hasColor ? style.code + text + "\u001b[0m" : text;
    }

    /** What a text is to look like. */
    public enum Style {
        GOOD("\u001b[32m"),
        BAD("\u001b[31m"),
        FAINT("\u001b[2m"),
        STRONG("\u001b[1m");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }
}
