package dev.assent.simulation;

/** One life of a process: of a node, of a service, or of the world outside. It has a clock of its own. */
abstract class Actor {
    /** Clocks differ by steps of one in so many. */
    private static final long DRIFT_PARTS = 64;

    final World world;
    final String name;
    final int place;
    final Luck luck;
    boolean isAlive = true;
    long pausedUntilNanos;
    private long offsetNanos;
    private long drift;

    /**
     * @param place where it runs: partitions lie between places
     */
    Actor(World world, String name, int place) {
        this(world, name, place, 1);
    }

    /**
     * @param life counts those at this place, from 1: each has luck of its own
     */
    Actor(World world, String name, int place, long life) {
        this.world = world;
        this.name = name;
        this.place = place;
        this.luck = Luck.ofLife(1_000_000L + place, life);
        this.offsetNanos = 1_000_000_000L * (1 + place % 7);
    }

    /** What its monotonic clock shows. */
    final long clockNanos() {
        long now = world.nowNanos;
        return offsetNanos + now + now / DRIFT_PARTS * drift;
    }

    /** About when its clock will show this; a little later, never earlier. */
    final long worldNanos(long clockNanos) {
        if (clockNanos == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long left = clockNanos - clockNanos();
        return left <= 0 ? world.nowNanos : world.nowNanos + left / (DRIFT_PARTS + drift) * DRIFT_PARTS + DRIFT_PARTS;
    }

    final void setDrift(long parts) {
        drift = parts;
    }

    /** The clock jumps ahead; it never goes back, being monotonic. */
    final void jump(long nanos) {
        offsetNanos += nanos;
        clockJumped();
    }

    /** Deadlines may have passed. */
    abstract void clockJumped();

    @Override
    public String toString() {
        return name;
    }
}
