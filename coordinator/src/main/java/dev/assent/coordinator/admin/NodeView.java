package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.util.Optional;

/**
 * Who a node says it is.
 *
 * @param id its id
 * @param state how far its birth has come
 * @param identity the life it is pledged to or was born into; empty if it is empty
 * @param configured what its configuration says about the cluster
 */
public record NodeView(NodeId id, BirthState state, Optional<ClusterIdentity> identity, ClusterPlan configured) {
    public NodeView {
        if (identity.isEmpty() != (state == BirthState.EMPTY)) {
            throw new IllegalArgumentException("node " + id + " is " + state + " with the identity " + identity);
        }
    }
}
