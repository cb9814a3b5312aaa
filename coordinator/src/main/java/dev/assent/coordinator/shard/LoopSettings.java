package dev.assent.coordinator.shard;

/**
 * Limits of a shard's loop.
 *
 * @param turnItems most items worked off in one turn, so that packs and messages leave in time; default 10,000
 * @param packBytes largest estimated size of a pack; one larger record goes alone; default 64 KiB
 * @param packsOutstanding packs whose fate may be open at a time, 1 or 2; default 1: what arrives meanwhile gathers, and
 *     that is the batching. More made packs smaller and cost a third more CPU
 * @param lazyCount records that nobody waits for go without company when so many wait; default 2,000
 * @param lazyNanos or when the oldest has waited for so long; default 1 s
 * @param uncertainNanos a leader whose pack has had no fate for so long gives up leading; default 10 s
 */
public record LoopSettings(
        int turnItems, int packBytes, int packsOutstanding, int lazyCount, long lazyNanos, long uncertainNanos) {
    public static final LoopSettings DEFAULT =
            new LoopSettings(10_000, 64 * 1024, 1, 2_000, 1_000_000_000L, 10_000_000_000L);

    public LoopSettings {
        atLeastOne("turnItems", turnItems);
        atLeastOne("packBytes", packBytes);
        atLeastOne("lazyCount", lazyCount);
        atLeastOne("lazyNanos", lazyNanos);
        atLeastOne("uncertainNanos", uncertainNanos);
        if (packsOutstanding < 1 || packsOutstanding > 2) {
            throw new IllegalArgumentException("packsOutstanding must be 1 or 2, not " + packsOutstanding);
        }
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
