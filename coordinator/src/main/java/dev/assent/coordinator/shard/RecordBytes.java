package dev.assent.coordinator.shard;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.coordinator.LogRecord;

/** Estimates, never too low, how many bytes a record takes in a pack. */
final class RecordBytes {
    /** Tags, lengths and the two numbers of an xid; numbers have at most 47 bits. */
    private static final int FIXED = 32;

    /** A character of free text in UTF-8, at worst. */
    private static final int PER_CHARACTER = 3;

    private RecordBytes() {}

    static int of(LogRecord record) {
        if (record instanceof LogRecord.CommitDecided decided) {
            return FIXED + decided.branches().size() * (BranchId.MAX_BYTES + 2);
        }
        if (record instanceof LogRecord.Abandoned abandoned) {
            return spoken(abandoned.operator(), abandoned.reason());
        }
        if (record instanceof LogRecord.Settled settled) {
            return spoken(settled.operator(), settled.reason());
        }
        return record.isForced() ? FIXED + 64 : FIXED;
    }

    private static int spoken(String operator, String reason) {
        return FIXED + BranchId.MAX_BYTES + PER_CHARACTER * (operator.length() + reason.length());
    }
}
