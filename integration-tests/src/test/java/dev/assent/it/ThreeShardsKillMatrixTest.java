package dev.assent.it;

import java.util.List;
import org.junit.jupiter.api.Tag;

/** Everybody, at every step, with 3 shards whose leaders are spread. */
@Tag("kill-matrix")
final class ThreeShardsKillMatrixTest extends KillMatrix {
    ThreeShardsKillMatrixTest() {
        super(3, "kill-matrix-3-shards");
    }

    @Override
    List<KillCell> cells() {
        return KillCell.all();
    }
}
