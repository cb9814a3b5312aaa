package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.util.ArrayList;
import java.util.List;

/** Whether a node may leave a cluster. */
final class Leaving {
    private final ClusterSurvey cluster;
    private final NodeId id;

    /** @throws ClusterRefusedException if nobody has ever heard of it */
    Leaving(ClusterSurvey cluster, NodeId id) throws ClusterRefusedException {
        this.cluster = cluster;
        this.id = id;
        if (!cluster.members().contains(id) && !cluster.isKnown(id)) {
            throw ClusterRefusedException.refused(
                    "There is no node '" + id + "' in the cluster.",
                    "Its members are " + cluster.members() + ".",
                    "Look at ./assent cluster status for their ids.");
        }
    }

    /** It was a member, and is none of any shard now. */
    boolean isGone() {
        return !cluster.members().contains(id);
    }

    /**
     * Without a living majority of those that remain the change could not end, and the shard would stand still in the
     * middle of it.
     *
     * @throws ClusterRefusedException if that would happen to a shard
     */
    void refuseWithoutMajority() throws ClusterRefusedException {
        for (int shard = 0; shard < cluster.shards(); shard++) {
            List<NodeId> rest = new ArrayList<>(
                    cluster.members(shard).stream().map(ShardMember::id).toList());
            if (!rest.remove(id)) {
                continue;
            }
            if (rest.isEmpty()) {
                throw ClusterRefusedException.refused(
                        "Node '" + id + "' is the only member of shard " + shard + ".",
                        "Without it the cluster, and all that it has decided, would be gone.",
                        "Add another node first: ./assent cluster add HOST:PORT.");
            }
            List<NodeId> silent = new ArrayList<>(cluster.silentMembers(shard));
            silent.remove(id);
            int alive = rest.size() - silent.size();
            if (alive < rest.size() / 2 + 1) {
                throw ClusterRefusedException.refused(
                        "Without '" + id + "' shard " + shard + " would lose its majority: of the " + rest.size()
                                + " members that remain only " + alive + " answer.",
                        "No answer from " + silent + ". The change itself would wait for them, and with it every"
                                + " transaction.",
                        "Start " + silent + " again, or remove what is dead first (./assent cluster remove "
                                + silent.get(0) + "), or add a node; then repeat this command.");
            }
        }
    }
}
