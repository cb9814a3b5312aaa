package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;

/**
 * A node that replicates a shard.
 *
 * @param id its id
 * @param clientAddress {@code host:port} for applications, participants and commands; empty if it is not known
 * @param raftAddress {@code host:port} for the other nodes
 */
public record ShardMember(NodeId id, String clientAddress, String raftAddress) {
    private static final int MAX_ADDRESS_LENGTH = 261;

    public ShardMember {
        if (clientAddress.length() > MAX_ADDRESS_LENGTH || raftAddress.length() > MAX_ADDRESS_LENGTH) {
            throw new IllegalArgumentException("addresses of " + id + " are longer than " + MAX_ADDRESS_LENGTH);
        }
    }
}
