package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.ClusterSettings;
import dev.assent.coordinator.config.Member;
import dev.assent.protocol.coordinator.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster is to be or is. Two plans are equal if they say the same, whatever the order of their members.
 *
 * @param name the cluster's name
 * @param shards number of Raft groups
 * @param members all nodes, kept in the order of their ids
 */
public record ClusterPlan(String name, int shards, List<Member> members) {
    public ClusterPlan {
        // One place judges names, bounds and clashes between members.
        new ClusterSettings(name, shards, members, false);
        members = members.stream().sorted(Comparator.comparing(Member::id)).toList();
    }

    /** What a node's configuration says. */
    public static ClusterPlan of(ClusterSettings settings) {
        return new ClusterPlan(settings.name(), settings.shards(), settings.members());
    }

    /** The member with this id. */
    public Optional<Member> member(NodeId id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }
}
