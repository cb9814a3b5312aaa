package dev.assent.coordinator.admin;

import dev.assent.protocol.coordinator.NodeId;
import java.util.ArrayList;
import java.util.List;

/** Words about plans that several checks share. */
final class Plans {
    private Plans() {}

    /** What a node's configuration says otherwise than the plan. */
    static String difference(ClusterPlan plan, NodeView view) {
        ClusterPlan configured = view.configured();
        List<String> differences = new ArrayList<>();
        if (!plan.name().equals(configured.name())) {
            differences.add("name '" + configured.name() + "' instead of '" + plan.name() + "'");
        }
        if (plan.shards() != configured.shards()) {
            differences.add(configured.shards() + " shards instead of " + plan.shards());
        }
        if (!plan.members().equals(configured.members())) {
            differences.add("members " + shown(configured) + " instead of " + shown(plan));
        }
        return String.join("; ", differences) + ".";
    }

    /** An empty node that a born one knows as a member. */
    static ClusterRefusedException wiped(NodeId empty, NodeView knows) {
        return ClusterRefusedException.refused(
                "Node '" + empty + "' has lost its data: its directory is empty, yet '" + knows.id()
                        + "' knows it as a member of "
                        + knows.identity().orElseThrow().id() + ".",
                "It may have voted and confirmed entries in its former life; back under its old id and without its"
                        + " memory it could vote again, and committed transactions could be lost.",
                "If the directory is only missing (not mounted, wrong path), bring it back and start the node again."
                        + " If it is lost, this id is spent: the cluster goes on with its other nodes, and a"
                        + " replacement needs a new id.");
    }

    private static String shown(ClusterPlan plan) {
        List<String> members = new ArrayList<>();
        plan.members()
                .forEach(member -> members.add(member.id() + "@" + member.clientAddress() + ":" + member.raftPort()));
        return String.join(", ", members);
    }
}
