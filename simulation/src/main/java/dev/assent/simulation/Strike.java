package dev.assent.simulation;

/**
 * What becomes of a step at a fault point.
 *
 * @param nanos how long it waits, if it waits
 */
record Strike(Fate fate, long nanos) {
    static final Strike NONE = new Strike(Fate.GOES_ON, 0);

    /** Ways to go on, or not. */
    enum Fate {
        GOES_ON,
        /** The process has stopped. */
        ENDED,
        /** It fails with an exception, or because of the disk. */
        FAILS,
        /** It goes on later; nothing else of the same thread happens meanwhile. */
        WAITS,
        /** The message is lost. */
        IS_LOST,
        /** The message comes twice. */
        COMES_TWICE;

        /** Whether the step is carried out now. */
        boolean isCarriedOut() {
            return this == GOES_ON || this == COMES_TWICE;
        }

        /** Whether the thread goes no further than the step now. */
        boolean isHalt() {
            return this == ENDED || this == FAILS || this == WAITS;
        }
    }
}
