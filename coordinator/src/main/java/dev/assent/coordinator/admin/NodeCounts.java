package dev.assent.coordinator.admin;

/**
 * What a node has done since its process started. Two of them apart tell what happened between them.
 *
 * @param entries that its shards submitted to their logs, also repeatedly; only leaders do
 * @param records in these entries
 * @param forcedWrites writes to its logs that were forced to the disk, as a leader and as a follower
 */
public record NodeCounts(long entries, long records, long forcedWrites) {}
