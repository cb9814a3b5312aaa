package dev.assent.coordinator.replication;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots and survives that it cannot: the log holds everything, it only grows until one is written. A failure
 * is not passed on to Raft, which would answer no further request for a minute after it, and nothing is tried for some
 * seconds, because Raft would ask at every entry once a snapshot is due.
 */
final class SnapshotAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotAttempts.class);
    private static final long RETRY_MILLIS = 5_000;

    private final ShardReplica replica;
    private final SnapshotFiles files;
    private volatile boolean isResting;

    SnapshotAttempts(ShardReplica replica, SnapshotFiles files) {
        this.replica = replica;
        this.files = files;
    }

    /** Writes the present state, which is the one after this entry; whether it is written. */
    boolean write(TermIndex at) {
        if (isResting) {
            return false;
        }
        try {
            files.write(at, new SnapshotContent(replica.state().image(), replica.membersEver()));
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "Shard {}: snapshot at entry {} not written, the log grows until one is; tried again in {} ms: {}",
                    replica.shard(),
                    at.getIndex(),
                    RETRY_MILLIS,
                    e.toString());
            isResting = true;
            replica.later(RETRY_MILLIS, TimeUnit.MILLISECONDS, () -> {
                isResting = false;
                replica.requestSnapshot();
            });
            return false;
        }
    }
}
