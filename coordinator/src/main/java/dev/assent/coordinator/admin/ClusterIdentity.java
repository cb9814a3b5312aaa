package dev.assent.coordinator.admin;

import dev.assent.protocol.ClusterId;

/**
 * One life of a cluster.
 *
 * @param plan name, shards and members
 * @param incarnation random, made when the cluster is born
 */
public record ClusterIdentity(ClusterPlan plan, String incarnation) {
    public ClusterIdentity {
        new ClusterId(plan.name(), incarnation);
    }

    /** Name and incarnation, as every xid carries them. */
    public ClusterId id() {
        return new ClusterId(plan.name(), incarnation);
    }
}
