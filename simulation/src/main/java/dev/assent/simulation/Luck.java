package dev.assent.simulation;

/**
 * Whose draws these are, and how many there were of each purpose: luck belongs to one transaction or one process and to
 * nobody else, and a kind of fault that is turned off takes no turn of another.
 */
final class Luck {
    private static final int PURPOSES = Purpose.values().length;

    final long actor;
    private final int[] drawn = new int[PURPOSES + FaultKind.values().length];

    /** A second life would else meet at its n-th step what the first one met there. */
    static Luck ofLife(long actor, long life) {
        return new Luck(actor + (life - 1) * 1_000_000_000L);
    }

    Luck(long actor) {
        this.actor = actor;
    }

    long next(Purpose purpose) {
        return drawn[purpose.number()]++;
    }

    long next(FaultKind kind) {
        return drawn[PURPOSES + kind.number()]++;
    }
}
