package dev.assent.coordinator.replication;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.LogRecord.ClusterCreated;
import dev.assent.protocol.message.BlockId;
import java.util.List;

/**
 * The limits of the log contract that the record types themselves do not enforce. Encoder and decoder apply the same
 * ones: an entry that one replica wrote and another refused would stop the whole shard for good.
 */
final class RecordChecks {
    /** Longest name of an operator, in characters. */
    static final int MAX_OPERATOR_LENGTH = 100;

    /** Longest reason given by an operator, in characters. */
    static final int MAX_REASON_LENGTH = 500;

    private static final long MAX_BLOCK = Xid.MAX_NUMBER / BlockId.SIZE;

    private RecordChecks() {}

    /**
     * Returns the record.
     *
     * @throws IllegalArgumentException if it breaks a limit
     */
    static LogRecord checked(LogRecord record) {
        if (record instanceof ClusterCreated created) {
            check(created.shards() >= 1 && created.shards() <= Xid.MAX_SHARD + 1, "a cluster has 1 to 1024 shards");
            check(created.shard() >= 0 && created.shard() < created.shards(), "shard out of range");
        } else if (record instanceof LogRecord.CommitDecided decided) {
            checkBranches(decided.branches());
            check(decided.atMillis() >= 0, "time before 1970");
        } else if (record instanceof LogRecord.Forgotten forgotten) {
            checkBlock(forgotten.block().term(), forgotten.block().number());
        } else if (record instanceof LogRecord.Abandoned abandoned) {
            checkWords(abandoned.operator(), abandoned.reason());
        } else if (record instanceof LogRecord.Settled settled) {
            checkWords(settled.operator(), settled.reason());
        }
        return record;
    }

    static void checkBlock(long term, long number) {
        check(term >= 1 && term <= Xid.MAX_NUMBER, "block's term out of range");
        check(number >= 0 && number <= MAX_BLOCK, "block's number out of range");
    }

    private static void checkBranches(List<BranchId> branches) {
        check(branches.size() <= CallSums.MAX_BRANCHES, "a decision names at most 256 branches");
        for (int i = 1; i < branches.size(); i++) {
            check(branches.get(i - 1).compareTo(branches.get(i)) < 0, "branches must be sorted, each named once");
        }
    }

    private static void checkWords(String operator, String reason) {
        check(operator.length() <= MAX_OPERATOR_LENGTH, "operator's name is longer than 100 characters");
        check(reason.length() <= MAX_REASON_LENGTH, "reason is longer than 500 characters");
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
