package dev.assent.simulation;

/** The world outside of all processes: what happens to them, and who starts them again. It never stops. */
final class Outside extends Actor {
    private boolean isHealing;

    Outside(World world, int place) {
        super(world, "outside", place);
    }

    @Override
    void clockJumped() {
        throw new AssertionError("the world's clock does not jump");
    }

    /** From now on what stops is not started again, except by the one who heals. */
    void healing() {
        isHealing = true;
    }

    /** Whoever it is stops, and mostly comes back. */
    void crash(Actor actor) {
        if (actor instanceof Node node) {
            crash(node.slot);
        } else if (actor instanceof ServiceProcess process) {
            crash(process.slot, process);
        } else {
            throw new AssertionError(actor + " does not stop");
        }
    }

    /** A node stops; after a while it starts again. */
    void crash(NodeSlot slot) {
        Node node = slot.node();
        if (node != null) {
            node.crash();
            world.after(later(50, 5_000), this, () -> {
                if (!isHealing) {
                    slot.start();
                }
            });
        }
    }

    /** A process stops; mostly another life of it starts after a while. */
    void crash(ServiceSlot slot, ServiceProcess process) {
        boolean isNewest = slot.process() == process;
        process.crash();
        startAgain(slot, isNewest);
    }

    /** A process stops in good order; mostly another life of it starts. */
    void stop(ServiceSlot slot, ServiceProcess process) {
        boolean isNewest = slot.process() == process;
        process.leave();
        startAgain(slot, isNewest);
    }

    private void startAgain(ServiceSlot slot, boolean isNewest) {
        if (isNewest && world.dice.chance(Purpose.DISTURBANCE, luck, 80)) {
            world.after(later(20, 5_000), this, () -> {
                if (!isHealing && slot.process() == null) {
                    slot.start();
                }
            });
        }
    }

    long later(long leastMillis, long mostMillis) {
        return WorldParameters.MILLI * world.dice.between(Purpose.DISTURBANCE, luck, leastMillis, mostMillis);
    }
}
