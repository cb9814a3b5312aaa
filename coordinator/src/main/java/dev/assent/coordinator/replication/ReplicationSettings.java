package dev.assent.coordinator.replication;

import java.time.Duration;

/**
 * How a node replicates. All members of a cluster should have the same.
 *
 * @param elections when a leader counts as lost
 * @param log how large the log on disk and its entries may become
 */
public record ReplicationSettings(Elections elections, LogBounds log) {
    /** Snapshots kept beside each other, so that a damaged last one is not the only one. */
    static final int RETAINED_SNAPSHOTS = 2;

    /** For production, on real disks. */
    public static ReplicationSettings standard() {
        return new ReplicationSettings(
                new Elections(Duration.ofMillis(500), Duration.ofMillis(1_000), Duration.ofSeconds(3)),
                new LogBounds(16 << 20, 4 << 20, 64 << 20, 100_000, 1_000));
    }

    /** The same code paths with small files, short elections and many snapshots: for tests and throw-away clusters. */
    public static ReplicationSettings fast() {
        return new ReplicationSettings(
                new Elections(Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMillis(500)),
                new LogBounds(1 << 20, 256 << 10, 2 << 20, 10_000, 0));
    }

    /** The same with other bounds of the log. */
    public ReplicationSettings withLog(LogBounds bounds) {
        return new ReplicationSettings(elections, bounds);
    }

    /**
     * When a leader counts as lost.
     *
     * @param timeoutMin a follower that hears nothing for a random time between this and the maximum starts an election;
     *     shorter ones depose healthy leaders on busy machines, longer ones lengthen the outage after a crash
     * @param timeoutMax also: a leader that does not reach a majority for this long steps down
     * @param stepDownWait how long a leader that stepped down, or whose process paused that long, does not stand again
     */
    public record Elections(Duration timeoutMin, Duration timeoutMax, Duration stepDownWait) {
        public Elections {
            if (timeoutMin.toMillis() < 100 || timeoutMax.compareTo(timeoutMin) <= 0) {
                throw new IllegalArgumentException("election timeouts must be at least 100 ms and the maximum above the"
                        + " minimum, not " + timeoutMin.toMillis() + " and " + timeoutMax.toMillis() + " ms");
            }
            if (stepDownWait.toMillis() < 1) {
                throw new IllegalArgumentException("step-down wait must be at least 1 ms");
            }
        }
    }

    /**
     * Bounds per shard. The log on disk stays below about {@code snapshotBytes} plus the preserved packs plus two
     * segments, whatever peers are down: a peer that was away for longer gets a snapshot.
     *
     * @param segmentBytes size of a log file; it is allocated at once
     * @param maxEntryBytes largest encoded pack
     * @param snapshotBytes a snapshot is taken when this much was applied since the last one
     * @param snapshotPacks or this many packs
     * @param preservedPacks packs kept although a snapshot covers them, so that a peer that was away for a moment is
     *     served from the log
     */
    public record LogBounds(
            long segmentBytes, int maxEntryBytes, long snapshotBytes, int snapshotPacks, int preservedPacks) {
        public LogBounds {
            if (maxEntryBytes < 64 << 10 || segmentBytes < maxEntryBytes) {
                throw new IllegalArgumentException(
                        "an entry may have at least 64 KiB, and a segment holds at least one," + " not " + maxEntryBytes
                                + " and " + segmentBytes + " bytes");
            }
            if (snapshotBytes < 1 || snapshotPacks < 1 || preservedPacks < 0) {
                throw new IllegalArgumentException("snapshots need positive bounds, not " + snapshotBytes + " bytes, "
                        + snapshotPacks + " packs, " + preservedPacks + " preserved");
            }
        }
    }
}
