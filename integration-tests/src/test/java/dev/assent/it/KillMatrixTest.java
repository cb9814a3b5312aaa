package dev.assent.it;

import java.util.List;

/** One cell for each step; the whole product runs in the profile {@code kill-matrix}. */
final class KillMatrixTest extends KillMatrix {
    KillMatrixTest() {
        super(1, "kill-matrix");
    }

    @Override
    List<KillCell> cells() {
        return KillCell.onePerPoint();
    }
}
