package dev.assent.protocol.coordinator;

import dev.assent.protocol.ClusterId;

/**
 * Whose core this is.
 *
 * @param cluster this life of the cluster
 * @param shard which shard, from 0
 * @param node the node it runs on
 * @param loop random; one life of the shard's loop, so that its successor cannot take an old record for its own
 */
public record ShardIdentity(ClusterId cluster, int shard, NodeId node, long loop) {}
