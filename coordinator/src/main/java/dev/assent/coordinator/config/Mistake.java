package dev.assent.coordinator.config;

/**
 * One thing that is wrong in a configuration.
 *
 * @param where file and line, or the environment variable
 * @param key the setting's path; empty if it is about the file as a whole
 * @param what what is wrong with it
 * @param allowed what may stand there instead
 */
record Mistake(Location where, String key, String what, String allowed) {
    /** One line: {@code node.yaml:12: transactions.prepare-timeout: 10ms is too small. Allowed: …}. */
    @Override
    public String toString() {
        String text = where + ": " + (key.isEmpty() ? "" : key + ": ") + what;
        if (allowed.isEmpty()) {
            return text;
        }
        return text + (text.endsWith("?") ? "" : ".") + " Allowed: " + allowed;
    }
}
