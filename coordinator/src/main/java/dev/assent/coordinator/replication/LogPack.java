package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;

/**
 * What one Raft entry holds: all records of one turn of a shard's loop.
 *
 * @param loop random; the life of the loop that wrote it
 * @param number counts the packs of that life, from 1
 * @param records at least one, in the order of the turn
 */
record LogPack(long loop, long number, List<LogRecord> records) {
    LogPack {
        records = List.copyOf(records);
        if (number < 1) {
            throw new IllegalArgumentException("packs are numbered from 1, not " + number);
        }
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a pack holds at least one record");
        }
    }
}
