package dev.assent.simulation;

/** Spans of time as people read them. */
final class Nanos {
    private Nanos() {}

    static String text(long nanos) {
        if (nanos >= 10_000_000_000L) {
            return nanos / 1_000_000_000 + " s";
        }
        return nanos >= 10_000_000 ? nanos / 1_000_000 + " ms" : nanos / 1_000 + " µs";
    }

    /** An instant with a fixed width. */
    static String instant(long nanos) {
        return "%4d.%06d".formatted(nanos / 1_000_000_000, nanos % 1_000_000_000 / 1_000);
    }
}
