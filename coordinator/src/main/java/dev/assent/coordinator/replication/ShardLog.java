package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;

/** One shard's Raft log on this node, as the shard's loop sees it. */
public interface ShardLog {
    /**
     * Submits records as one entry and returns at once. What became of it arrives at the {@link LogListener}: applied
     * with this number, refused for certain, or neither until the leadership ends.
     *
     * @param loop random; names the life of the loop, so that packs of another life are not taken for its own
     * @param packNumber counts the packs of that life, from 1
     * @param records at least one; their encoding must not exceed the log's largest entry
     */
    void append(long loop, long packNumber, List<LogRecord> records);

    /** Gives the leadership up, if this node has it; returns at once. */
    void stepDown();
}
