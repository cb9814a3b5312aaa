package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.util.Optional;
import java.util.Set;

/**
 * Who a node says it is.
 *
 * @param id its id
 * @param state how far its birth has come
 * @param identity the life it is pledged to or was born into; empty if it is empty
 * @param configured what its configuration says about the cluster
 * @param knownMembers every node that it knows to be or to have been a member; empty if it is not born
 */
public record NodeView(
        NodeId id,
        BirthState state,
        Optional<ClusterIdentity> identity,
        ClusterPlan configured,
        Set<NodeId> knownMembers) {
    public NodeView {
        knownMembers = Set.copyOf(knownMembers);
        if (identity.isEmpty() != (state == BirthState.EMPTY)) {
            throw new IllegalArgumentException("node " + id + " is " + state + " with the identity " + identity);
        }
    }
}
