package dev.assent.simulation.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How each state was reached first: from which state, by which action. Eight bytes a state; not thread-safe. */
final class Paths {
    private static final int PIECE = 1 << 18;

    private final List<int[]> pieces = new ArrayList<>();
    private int size;

    void add(int from, int action) {
        if (size % PIECE == 0) {
            pieces.add(new int[2 * PIECE]);
        }
        int[] piece = pieces.get(size / PIECE);
        int at = 2 * (size % PIECE);
        piece[at] = from;
        piece[at + 1] = action;
        size++;
    }

    int size() {
        return size;
    }

    /** The actions that lead from the first state to this one. */
    List<Integer> to(int state) {
        List<Integer> way = new ArrayList<>();
        int at = state;
        while (at > 0) {
            int[] piece = pieces.get(at / PIECE);
            way.add(piece[2 * (at % PIECE) + 1]);
            at = piece[2 * (at % PIECE)];
        }
        Collections.reverse(way);
        return way;
    }
}
