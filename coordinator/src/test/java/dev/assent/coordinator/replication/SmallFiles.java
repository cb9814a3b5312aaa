package dev.assent.coordinator.replication;

import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord;
import java.util.Collections;

/** Logs and snapshots so small that a test fills them, and what fills them. */
final class SmallFiles {
    static final int SEGMENT_BYTES = 256 << 10;
    static final int SNAPSHOT_BYTES = 512 << 10;
    static final ReplicationSettings SETTINGS = ReplicationSettings.fast()
            .withLog(new ReplicationSettings.LogBounds(SEGMENT_BYTES, 128 << 10, SNAPSHOT_BYTES, 10_000, 0));

    private SmallFiles() {}

    /** About 50 KiB that change nothing: branches given up of transactions that nobody decided. */
    static LogRecord[] voidRecords() {
        Xid unknown = new Xid(TestCluster.CLUSTER, 0, 1, 999);
        LogRecord.Abandoned abandoned =
                new LogRecord.Abandoned(unknown, Samples.ORDERS, "ada", "x".repeat(RecordChecks.MAX_REASON_LENGTH));
        return Collections.nCopies(90, abandoned).toArray(LogRecord[]::new);
    }
}
