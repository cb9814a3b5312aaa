package dev.assent.coordinator.shard;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.observe.ShardObserver;
import dev.assent.coordinator.replication.ShardLog;
import java.util.function.Consumer;

/**
 * Everything that a shard's loop touches.
 *
 * @param log the shard's Raft log
 * @param postman carries commands and the answers of streams
 * @param replies takes the answers of unary calls
 * @param observer sees what the loop does
 * @param faults breaks it on purpose
 * @param onStopped told, once and by the shard's thread, why the shard stopped for good: the node must not go on serving
 */
public record ShardWorld(
        ShardLog log,
        Postman postman,
        Replies replies,
        ShardObserver observer,
        FaultSeam faults,
        Consumer<String> onStopped) {}
