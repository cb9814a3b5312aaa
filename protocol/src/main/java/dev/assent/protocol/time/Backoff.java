package dev.assent.protocol.time;

/**
 * How long to wait before something is tried again: doubled each time up to a bound, and spread over three quarters to
 * five quarters of it, so that a thousand branches which lost the same leader do not all ask at the same moment. The
 * spread is derived from the caller's salt, never drawn: the same history gives the same delays.
 *
 * @param firstNanos the first delay, at least 1
 * @param atMostNanos the longest, not below the first
 */
public record Backoff(long firstNanos, long atMostNanos) {
    private static final int SPREAD_STEPS = 1024;

    public Backoff {
        if (firstNanos < 1 || atMostNanos < firstNanos) {
            throw new IllegalArgumentException(
                    "a back-off goes from at least 1 ns upwards, not " + firstNanos + " to " + atMostNanos);
        }
    }

    /**
     * The delay before the next attempt.
     *
     * @param attempt how often it was tried before, from 0
     * @param salt of the one who waits, see {@link #salt}
     * @return nanoseconds, at least 1
     */
    public long delayNanos(int attempt, long salt) {
        boolean fits = attempt < Long.SIZE - 1 && firstNanos <= atMostNanos >> attempt;
        long whole = fits ? firstNanos << attempt : atMostNanos;
        long step = mix(salt + attempt) & (SPREAD_STEPS - 1);
        return Math.max(1, whole - whole / 4 + whole / 2 / SPREAD_STEPS * step);
    }

    /** A number for this name, the same in every process. */
    public static long salt(Object name) {
        long salt = 0;
        String text = name.toString();
        for (int i = 0; i < text.length(); i++) {
            salt = salt * 31 + text.charAt(i);
        }
        return salt;
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
