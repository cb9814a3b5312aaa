package dev.assent.simulation;

/**
 * What came of a fault point.
 *
 * @param hits how often a step reached it
 * @param strikes how often something went wrong there
 * @param crashes how many of these stopped the process
 */
public record PointCount(long hits, long strikes, long crashes) {
    static final PointCount NONE = new PointCount(0, 0, 0);

    /** Both together. */
    public PointCount plus(PointCount other) {
        return new PointCount(hits + other.hits, strikes + other.strikes, crashes + other.crashes);
    }

    /** Whether it was reached, and a process stopped there. */
    public boolean isTried() {
        return hits > 0 && crashes > 0;
    }
}
