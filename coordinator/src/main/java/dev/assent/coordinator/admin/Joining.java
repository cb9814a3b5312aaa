package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import io.grpc.StatusRuntimeException;
import java.util.List;

/** Whether a node may join a cluster, and its first step into it. */
final class Joining {
    private final NodeView node;
    private final Member member;
    private final ClusterIdentity identity;

    /** @throws ClusterRefusedException if it may not */
    Joining(ClusterSurvey cluster, NodeView node, String address) throws ClusterRefusedException {
        this.node = node;
        ClusterPlan plan = cluster.born().get(0).identity().plan();
        this.member = node.configured()
                .member(node.id())
                .orElseThrow(() -> refused(
                        "The node at " + address + " does not name itself among its members.",
                        "",
                        "Correct its configuration."));
        this.identity = new ClusterIdentity(
                new ClusterPlan(plan.name(), plan.shards(), List.of(member)),
                cluster.born().get(0).identity().incarnation());
        check(cluster, plan);
    }

    private void check(ClusterSurvey cluster, ClusterPlan plan) throws ClusterRefusedException {
        if (node.state() == BirthState.BORN) {
            refuseOtherCluster();
            return;
        }
        if (node.state() == BirthState.PLEDGED) {
            throw refused(
                    "Node '" + node.id() + "' is pledged to the birth of another cluster.",
                    "A node belongs to one life of one cluster for ever.",
                    "Finish that birth, or stop the node, empty its data directory, and start it again.");
        }
        if (cluster.isKnown(node.id())) {
            throw refused(
                    "The id '" + node.id() + "' is spent: a node of that id is or was a member of " + identity.id()
                            + ".",
                    "That node may have voted and confirmed entries. An empty one under its id could vote again, and"
                            + " committed transactions could be lost.",
                    "Give the new node an id that was never used (node.id and its entry in cluster.members), start it"
                            + " again, and repeat the command.");
        }
        ClusterPlan configured = node.configured();
        if (!configured.name().equals(plan.name()) || configured.shards() != plan.shards()) {
            throw refused(
                    "Node '" + node.id() + "' is configured for cluster '" + configured.name() + "' with "
                            + configured.shards() + " shards; this is '" + plan.name() + "' with " + plan.shards()
                            + ".",
                    "A node that joins must say the same about cluster.name and cluster.shards.",
                    "Correct its configuration, start it again, and repeat the command.");
        }
    }

    private void refuseOtherCluster() throws ClusterRefusedException {
        if (!node.identity().orElseThrow().id().equals(identity.id())) {
            throw refused(
                    "Node '" + node.id() + "' belongs to "
                            + node.identity().orElseThrow().id() + ", not to " + identity.id() + ".",
                    "A node belongs to one life of one cluster for ever.",
                    "Use a node with a new id and an empty data directory.");
        }
    }

    /** The node as the others will reach it: as its own configuration says. */
    Member member() {
        return member;
    }

    ClusterIdentity identity() {
        return identity;
    }

    void join(AdminClient client) throws ClusterRefusedException {
        try {
            client.join(identity);
        } catch (StatusRuntimeException e) {
            throw ClusterRefusedException.unreachable(
                    "Node '" + member.id() + "' did not join: " + AdminErrors.text(e) + ".",
                    "Nothing was changed in the cluster.",
                    "See that the node runs and its disk can be written, and run the command again.");
        }
    }

    private static ClusterRefusedException refused(String what, String why, String remedy) {
        return ClusterRefusedException.refused(what, why, remedy);
    }
}
