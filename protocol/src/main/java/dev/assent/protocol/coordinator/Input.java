package dev.assent.protocol.coordinator;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.List;

/** What reaches a shard's core. Readiness, applied records and requests come through one queue, in order. */
public sealed interface Input {
    /** Raft made this node the leader, and everything of earlier terms is applied. */
    record LeadershipWon() implements Input {}

    /** Raft took the leadership, or the shell gave it up. */
    record LeadershipLost() implements Input {}

    /**
     * A record of the log was applied to the replicated state, on leader and followers alike.
     *
     * @param entryTerm the Raft term of its entry
     * @param record the record
     * @param stood what {@link ReplicatedState#apply} said; a void record did nothing anywhere
     */
    record Applied(long entryTerm, LogRecord record, boolean stood) implements Input {}

    /**
     * An instance opened its stream to this node, for the first time or again.
     *
     * @param instance which life of which process
     * @param name the instance's stable name; another incarnation of it means that the old one is dead
     * @param resources what it serves
     */
    record SessionOpened(InstanceId instance, String name, List<ResourceName> resources) implements Input {
        public SessionOpened {
            resources = List.copyOf(resources);
        }
    }

    /** Anything was heard of the instance: its session lease starts anew. */
    record SessionHeard(InstanceId instance) implements Input {}

    /** The stream broke, which by itself loses nobody; or, if {@code isForGood}, the process said goodbye. */
    record SessionClosed(InstanceId instance, boolean isForGood) implements Input {}

    /** An instance with an open session told this shard something. */
    record Noticed(InstanceId instance, Notice notice) implements Input {}

    /** Somebody asked this shard for something. */
    record Requested(RequestId id, Request request) implements Input {}

    /** Time passed; given when {@link ShardCore#nextDeadlineNanos()} is reached. */
    record Tick() implements Input {}
}
