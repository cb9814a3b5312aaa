package dev.assent.coordinator.config;

/**
 * Where a setting was written.
 *
 * @param source the file as the user named it, or {@code environment variable NAME}
 * @param line from 1; 0 if the source has no lines or the mistake is that something is missing
 */
record Location(String source, int line) {
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
