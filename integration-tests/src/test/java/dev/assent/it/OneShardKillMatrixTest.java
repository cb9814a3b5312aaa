package dev.assent.it;

import java.util.List;
import org.junit.jupiter.api.Tag;

/** Everybody, at every step, with 1 shard. */
@Tag("kill-matrix")
final class OneShardKillMatrixTest extends KillMatrix {
    OneShardKillMatrixTest() {
        super(1, "kill-matrix-1-shard");
    }

    @Override
    List<KillCell> cells() {
        return KillCell.all();
    }
}
