package dev.assent.coordinator.replication;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.HeuristicKind;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.StateImage;
import dev.assent.protocol.message.BlockId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One of every kind of record, and a state with something of everything. */
final class Samples {
    static final ClusterId CLUSTER = new ClusterId("shop", "k3x9q0ab");
    static final int SHARD = 2;
    static final BranchId INVENTORY = branch("inventory-db", 7);
    static final BranchId ORDERS = branch("orders-db", 0);
    static final LogRecord.ClusterCreated CREATED = new LogRecord.ClusterCreated(CLUSTER, SHARD, 3);
    static final LogRecord.LeaderStarted STARTED =
            new LogRecord.LeaderStarted(new NodeId("node-1"), 0x0123_4567_89AB_CDEFL);

    private Samples() {}

    static Xid xid(long term, long seq) {
        return new Xid(CLUSTER, SHARD, term, seq);
    }

    static BranchId branch(String resource, long number) {
        return new BranchId(new ResourceName(resource), new InstanceId("a1b2c3d4e5f6"), number);
    }

    static LogRecord.CommitDecided decided(long term, long seq) {
        return new LogRecord.CommitDecided(xid(term, seq), List.of(INVENTORY, ORDERS), 1_790_000_000_123L);
    }

    /** By the name of its golden file. */
    static Map<String, LogPack> packs() {
        Map<String, LogPack> packs = new LinkedHashMap<>();
        packs.put("cluster-created", pack(CREATED));
        packs.put("leader-started", pack(STARTED));
        packs.put("commit-decided", pack(decided(4, 1_000_000)));
        packs.put("ended", pack(new LogRecord.Ended(xid(4, 12))));
        packs.put("forgotten", pack(new LogRecord.Forgotten(new BlockId(3, 77))));
        packs.put(
                "heuristic-committed",
                pack(new LogRecord.HeuristicFound(xid(4, 13), INVENTORY, HeuristicKind.COMMITTED)));
        packs.put(
                "heuristic-rolled-back",
                pack(new LogRecord.HeuristicFound(xid(4, 14), ORDERS, HeuristicKind.ROLLED_BACK)));
        packs.put("abandoned", pack(new LogRecord.Abandoned(xid(4, 15), ORDERS, "ada", "host burnt down – see #7")));
        packs.put("settled", pack(new LogRecord.Settled(xid(4, 15), ORDERS, "ada", "checked by hand")));
        packs.put("mixed", new LogPack(-1, 300, mixed()));
        return packs;
    }

    static LogPack pack(String name) {
        return Objects.requireNonNull(packs().get(name), name);
    }

    private static LogPack pack(LogRecord record) {
        return new LogPack(0x1122_3344_5566_7788L, 1, List.of(record));
    }

    /** Ended and forgotten records in runs, with others between them. */
    private static List<LogRecord> mixed() {
        List<LogRecord> records = new ArrayList<>();
        records.add(decided(5, 0));
        records.add(new LogRecord.Ended(xid(5, 3)));
        records.add(new LogRecord.Ended(xid(4, 1)));
        records.add(new LogRecord.Ended(xid(5, 2)));
        records.add(decided(5, 1));
        records.add(new LogRecord.Ended(xid(5, 4)));
        records.add(new LogRecord.Forgotten(new BlockId(1, 0)));
        records.add(new LogRecord.Forgotten(new BlockId(1, 1)));
        return records;
    }

    /** In a cluster whose log has named no members yet. */
    static SnapshotContent content(StateImage image) {
        return new SnapshotContent(image, new java.util.TreeSet<>());
    }

    static StateImage image() {
        List<Long> words = new ArrayList<>(Collections.nCopies(16, 0L));
        words.set(0, 5L);
        words.set(15, Long.MIN_VALUE);
        return new StateImage(
                Optional.of(CREATED),
                Optional.of(STARTED),
                5,
                List.of(decided(4, 9), decided(5, 2)),
                List.of(
                        new StateImage.OutcomeBlock(new BlockId(4, 0), words),
                        new StateImage.OutcomeBlock(new BlockId(5, 0), words)),
                List.of(new StateImage.ForgottenRange(1, 0, 12), new StateImage.ForgottenRange(3, 7, 7)),
                List.of(new LogRecord.HeuristicFound(xid(4, 9), INVENTORY, HeuristicKind.ROLLED_BACK)),
                List.of(new LogRecord.Abandoned(xid(5, 2), INVENTORY, "ada", "host burnt down")),
                List.of(new LogRecord.Settled(xid(5, 2), ORDERS, "ada", "checked by hand")));
    }
}
