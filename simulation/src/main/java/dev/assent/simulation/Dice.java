package dev.assent.simulation;

/**
 * Chance. Every draw is a function of the seed, its purpose, who draws and how often that one drew before, never the next
 * number of one stream: a transaction that is left out changes nobody else's luck, which is what makes a failing world
 * small.
 */
final class Dice {
    private static final long ACTOR = 0xD1B54A32D192ED03L;
    private static final long COUNT = 0x9E3779B97F4A7C15L;
    private final long[] ofPurpose = new long[Purpose.values().length];

    Dice(long seed) {
        for (int i = 0; i < ofPurpose.length; i++) {
            ofPurpose[i] = mix(mix(seed) + i + 1);
        }
    }

    long bits(Purpose purpose, long actor, long n) {
        return mix(mix(ofPurpose[purpose.number()] + actor * ACTOR) + n * COUNT);
    }

    long bits(Purpose purpose, Luck luck) {
        return bits(purpose, luck.actor, luck.next(purpose));
    }

    /** From {@code least} to {@code most}, both included. */
    long between(Purpose purpose, Luck luck, long least, long most) {
        return scale(bits(purpose, luck), least, most);
    }

    /** From zero up to {@code count}, which is not included. */
    int below(Purpose purpose, Luck luck, int count) {
        return (int) between(purpose, luck, 0, count - 1L);
    }

    boolean chance(Purpose purpose, Luck luck, int percent) {
        return below(purpose, luck, 100) < percent;
    }

    static long scale(long bits, long least, long most) {
        return least + Long.remainderUnsigned(bits, most - least + 1);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
