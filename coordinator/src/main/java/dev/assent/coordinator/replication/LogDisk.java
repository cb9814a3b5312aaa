package dev.assent.coordinator.replication;

import dev.assent.protocol.fault.FaultPoint;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.statemachine.StateMachine;

/**
 * The moment before a log is forced to the disk. We keep no data beside Raft's log, but Raft asks us to force ours just
 * before it forces its own, on the thread that writes the log, and takes our failure for its own: so a disk that is slow,
 * full or broken can be had without one.
 */
final class LogDisk implements StateMachine.DataApi {
    private final ShardReplica replica;

    LogDisk(ShardReplica replica) {
        this.replica = replica;
    }

    @Override
    public CompletableFuture<Void> flush(long index) {
        try {
            replica.onDisk(FaultPoint.LOG_BEFORE_FORCE);
            return CompletableFuture.completedFuture(null);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
