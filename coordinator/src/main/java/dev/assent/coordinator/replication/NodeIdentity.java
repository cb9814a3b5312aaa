package dev.assent.coordinator.replication;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Who a node is: given once, when the cluster is born or the node joins it, and kept in its data directory for ever.
 *
 * @param node this node
 * @param cluster the life of the cluster that it belongs to
 * @param shards how many shards that has, 1 to 1,024; fixed for ever
 * @param members the nodes that the cluster was born with, each with its Raft address {@code host:port}; this node is
 *     one of them, and the only one if it joined later. Later changes of membership live in the Raft log, which wins
 *     over this list
 * @param isJoined whether it joined a cluster that was born without it. It learns its peers from their log alone: with
 *     a list of its own it could stand for election before anybody has made it a member
 */
public record NodeIdentity(
        NodeId node, ClusterId cluster, int shards, SortedMap<NodeId, String> members, boolean isJoined) {
    public NodeIdentity {
        NavigableMap<NodeId, String> sorted = new TreeMap<>(members);
        members = Collections.unmodifiableNavigableMap(sorted);
        if (shards < 1 || shards > Xid.MAX_SHARD + 1) {
            throw new IllegalArgumentException("a cluster has 1 to " + (Xid.MAX_SHARD + 1) + " shards, not " + shards);
        }
        if (!members.containsKey(node)) {
            throw new IllegalArgumentException("node " + node + " is not among the members " + members.keySet());
        }
        members.values().forEach(NodeIdentity::checkAddress);
        if (members.values().stream().distinct().count() != members.size()) {
            throw new IllegalArgumentException("two members have the same Raft address: " + members);
        }
    }

    /** Of a node that the cluster was born with. */
    public NodeIdentity(NodeId node, ClusterId cluster, int shards, SortedMap<NodeId, String> members) {
        this(node, cluster, shards, members, false);
    }

    /** The UUID of a shard's Raft group: the same on all members, another one in every life of a cluster. */
    public UUID group(int shard) {
        if (shard < 0 || shard >= shards) {
            throw new IllegalArgumentException("shard must be 0 to " + (shards - 1) + ", not " + shard);
        }
        return UUID.nameUUIDFromBytes(("assent/" + cluster + "/" + shard).getBytes(StandardCharsets.UTF_8));
    }

    private static void checkAddress(String address) {
        int colon = address.lastIndexOf(':');
        boolean isPort = colon > 0 && address.substring(colon + 1).matches("[1-9][0-9]{0,4}");
        if (!isPort || Integer.parseInt(address.substring(colon + 1)) > 65_535 || address.matches(".*\\s.*")) {
            throw new IllegalArgumentException("a Raft address is <host>:<port>: '" + address + "'");
        }
    }
}
