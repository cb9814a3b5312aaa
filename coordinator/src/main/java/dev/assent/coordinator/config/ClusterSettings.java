package dev.assent.coordinator.config;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.coordinator.NodeId;
import java.util.List;
import java.util.Optional;

/**
 * What all nodes of a cluster must agree about.
 *
 * @param name at most 16 characters of a-z, 0-9 and inner dashes
 * @param shards how many Raft groups share the load, 1 to 64; fixed when the cluster is born
 * @param members all nodes of the cluster as it is born, this one among them; 1 to 9
 * @param development permits what production refuses
 */
public record ClusterSettings(String name, int shards, List<Member> members, boolean development) {
    static final int MAX_SHARDS = 64;
    static final int MAX_MEMBERS = 9;

    public ClusterSettings {
        checkName(name);
        members = List.copyOf(members);
        if (shards < 1 || shards > MAX_SHARDS) {
            throw new IllegalArgumentException("shards must be 1 to " + MAX_SHARDS + ", not " + shards);
        }
        if (members.isEmpty() || members.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException("members must be 1 to " + MAX_MEMBERS + ", not " + members.size());
        }
        MemberCheck.firstClash(members).ifPresent(clash -> {
            throw new IllegalArgumentException(clash.what());
        });
    }

    /** The member with this id. */
    public Optional<Member> member(NodeId id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    static String checkName(String name) {
        // An identity is checked as the protocol checks it; the incarnation is none of the configuration's business.
        return new ClusterId(name, "0".repeat(ClusterId.INCARNATION_LENGTH)).name();
    }
}
