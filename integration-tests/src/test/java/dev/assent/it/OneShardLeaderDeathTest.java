package dev.assent.it;

import java.nio.file.Path;

/** One shard; initiator and both resources in one process. */
final class OneShardLeaderDeathTest extends LeaderDeathTest {
    OneShardLeaderDeathTest() {
        super(1);
    }

    @Override
    Pair pair(Path directory, String coordinators) {
        return new OneProcess(directory, coordinators);
    }
}
