package dev.assent.simulation;

/** Wakes an actor at the earliest of the instants that were set. */
final class Alarm {
    private final Actor actor;
    private final Runnable wake;
    private long atNanos = Long.MAX_VALUE;

    Alarm(Actor actor, Runnable wake) {
        this.actor = actor;
        this.wake = wake;
    }

    void set(long nanos) {
        if (nanos < atNanos) {
            atNanos = Math.max(nanos, actor.world.nowNanos);
            actor.world.at(atNanos, actor, this::fire);
        }
    }

    private void fire() {
        // An alarm that was moved ahead leaves its old instant behind.
        if (atNanos <= actor.world.nowNanos) {
            atNanos = Long.MAX_VALUE;
            wake.run();
        }
    }
}
