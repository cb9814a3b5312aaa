package dev.assent.coordinator.session;

import dev.assent.coordinator.shard.ShardInbox;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What all streams of a node share.
 *
 * @param inboxes of the shards that this node has, by shard
 * @param openStreams all of them, those without a hello included
 * @param unknownFrames how many frames of kinds that newer peers know were skipped
 */
record SessionContext(
        Membership membership,
        StreamLimits limits,
        SortedMap<Integer, ShardInbox> inboxes,
        SessionTable table,
        Set<InstanceStream> openStreams,
        LongAdder unknownFrames,
        LongSupplier nanoClock) {}
