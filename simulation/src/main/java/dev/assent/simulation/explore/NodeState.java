package dev.assent.simulation.explore;

import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.coordinator.ShardCore;

/**
 * A node: the shard's core and its replica of the state. Never changed: a step works on a copy.
 *
 * @param node its number
 * @param nowNanos its clock
 */
record NodeState(int node, ShardCore core, ReplicatedState state, long nowNanos) {
    NodeState copy() {
        ReplicatedState itsState = ReplicatedState.of(state.image());
        return new NodeState(node, core.copy(itsState), itsState, nowNanos);
    }

    NodeState at(long nanos) {
        return new NodeState(node, core, state, nanos);
    }
}
