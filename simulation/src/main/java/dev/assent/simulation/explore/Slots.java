package dev.assent.simulation.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ways to exchange slots. Participants are alike: a state and the same state with two of them exchanged have the same
 * future, so one of them is enough (Ip and Dill, 1996).
 */
final class Slots {
    private final List<int[]> orders = new ArrayList<>();

    Slots(int count) {
        permute(new int[count], 0, 0);
    }

    private Slots(int[] only) {
        orders.add(only);
    }

    /** Nothing is exchanged. */
    static Slots asTheyAre(int count) {
        int[] order = new int[count];
        Arrays.setAll(order, slot -> slot);
        return new Slots(order);
    }

    private void permute(int[] order, int at, int used) {
        if (at == order.length) {
            orders.add(order.clone());
            return;
        }
        for (int slot = 0; slot < order.length; slot++) {
            if ((used & 1 << slot) == 0) {
                order[at] = slot;
                permute(order, at + 1, used | 1 << slot);
            }
        }
    }

    int orders() {
        return orders.size();
    }

    /** Where each slot goes; order 0 leaves all where they are. */
    int[] order(int number) {
        return orders.get(number);
    }
}
