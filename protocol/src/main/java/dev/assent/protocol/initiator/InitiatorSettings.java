package dev.assent.protocol.initiator;

import dev.assent.protocol.time.Backoff;

/**
 * The times by which an initiator goes.
 *
 * @param ask between two questions that nobody answers
 * @param askBlock between two requests for a block that nobody answers
 * @param lowWaterCount a further block of a shard is asked for when fewer numbers than this are left of it
 * @param rememberedCount how many final answers are kept, so that everybody is told the same
 * @param keptAfterTimeoutNanos how long after its timeout a transaction that nobody ended is kept in memory
 */
public record InitiatorSettings(
        Backoff ask, Backoff askBlock, int lowWaterCount, int rememberedCount, long keptAfterTimeoutNanos) {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    public static final InitiatorSettings DEFAULTS = new InitiatorSettings(
            new Backoff(500 * MILLI, 10 * SECOND), new Backoff(500 * MILLI, 5 * SECOND), 256, 65_536, 60 * SECOND);

    public InitiatorSettings {
        if (lowWaterCount < 1 || rememberedCount < 1 || keptAfterTimeoutNanos < 1) {
            throw new IllegalArgumentException("counts and times of an initiator must be at least 1, not "
                    + lowWaterCount + ", " + rememberedCount + ", " + keptAfterTimeoutNanos);
        }
    }
}
