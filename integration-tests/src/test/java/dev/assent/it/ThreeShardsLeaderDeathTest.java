package dev.assent.it;

import java.nio.file.Path;

/** Three shards, led by whichever nodes; initiator and participants are three processes that call each other by gRPC. */
final class ThreeShardsLeaderDeathTest extends LeaderDeathTest {
    ThreeShardsLeaderDeathTest() {
        super(3);
    }

    @Override
    Pair pair(Path directory, String coordinators) {
        return new ThreeProcesses(directory, coordinators);
    }
}
