package dev.assent.cli;

/**
 * A failure told to a person: what happened, why, and what to do about it.
 *
 * @param what one sentence
 * @param why the cause or what it would lead to; empty if the first sentence says it all
 * @param remedy what to do next; never empty, because an error without a way out is a dead end
 */
public record Problem(String what, String why, String remedy) {
    public Problem {
        if (what.isBlank() || remedy.isBlank()) {
            throw new IllegalArgumentException("a problem needs to say what happened and what to do: " + what);
        }
    }

    /** All three on one line, for logs and exception messages. */
    public String oneLine() {
        return String.join(" ", why.isEmpty() ? new String[] {what, remedy} : new String[] {what, why, remedy});
    }
}
