package dev.assent.simulation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What lies between places: latency, loss, order, and cuts through which nothing passes. */
final class Network {
    private final World world;
    private final List<Cut> cuts = new ArrayList<>();

    /** Nothing passes from one group of places to the other. */
    static final class Cut {
        final BitSet from;
        final BitSet to;

        Cut(BitSet from, BitSet to) {
            this.from = from;
            this.to = to;
        }
    }

    Network(World world) {
        this.world = world;
    }

    void cut(Cut cut) {
        cuts.add(cut);
    }

    void mend(Cut cut) {
        cuts.remove(cut);
    }

    void mendAll() {
        cuts.clear();
    }

    boolean passes(Actor from, Actor to) {
        for (int i = 0; i < cuts.size(); i++) {
            Cut cut = cuts.get(i);
            if (cut.from.get(from.place) && cut.to.get(to.place)) {
                return false;
            }
        }
        return true;
    }

    boolean passesBothWays(Actor one, Actor other) {
        return passes(one, other) && passes(other, one);
    }

    /** How long a message takes on a good day. */
    long latencyNanos(Luck luck) {
        long most = world.parameters.latencyNanos();
        return world.dice.between(Purpose.LATENCY, luck, most / 10, most);
    }

    /** In one direction of one stream, in order unless overtaken. */
    static final class Lane {
        private long lastNanos;
    }

    /** Sends something that may be lost, late, doubled or overtaken; its sender is alive. */
    void send(Actor from, Actor to, Lane lane, Luck luck, Runnable arrival) {
        if (!passes(from, to)) {
            return;
        }
        Faults faults = world.faults;
        if (faults.strikes(FaultKind.MESSAGE_LOST, luck)) {
            world.trace(from, () -> "  lost on its way to " + to);
            return;
        }
        long arrives = world.nowNanos + latencyNanos(luck);
        if (faults.strikes(FaultKind.MESSAGE_LATE, luck)) {
            arrives += amount(luck, 10, 3_000);
        }
        if (faults.strikes(FaultKind.MESSAGE_OVERTAKEN, luck)) {
            arrives += amount(luck, 1, 500);
        } else {
            arrives = Math.max(arrives, lane.lastNanos);
            lane.lastNanos = arrives;
        }
        world.at(arrives, to, arrival);
        if (faults.strikes(FaultKind.MESSAGE_DOUBLED, luck)) {
            world.at(arrives + amount(luck, 0, 1_000), to, arrival);
        }
    }

    /**
     * Sends what a stream keeps in order and whole, and nobody repeats: its opening, and news of leaders.
     *
     * @return false if it is lost, and the stream with it
     */
    boolean sendInOrder(Actor from, Actor to, Lane lane, Luck luck, Runnable arrival) {
        boolean isLost = !passes(from, to) || world.faults.strikes(FaultKind.MESSAGE_LOST, luck);
        if (!isLost) {
            lane.lastNanos = Math.max(world.nowNanos + latencyNanos(luck), lane.lastNanos);
            world.at(lane.lastNanos, to, arrival);
        }
        return !isLost;
    }

    private long amount(Luck luck, long leastMillis, long mostMillis) {
        return WorldParameters.MILLI * world.dice.between(Purpose.AMOUNT, luck, leastMillis, mostMillis);
    }
}
