package dev.assent.cli;

/** How a command ended. Most end with an {@link ExitCode}; those that test something else have verdicts of their own. */
public interface Ending {
    /** What the shell sees, 0 to 4. */
    int code();
}
