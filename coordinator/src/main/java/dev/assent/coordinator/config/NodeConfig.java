package dev.assent.coordinator.config;

import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a node is told before it starts. Immutable.
 *
 * @param cluster the cluster that it belongs to or will be born into
 * @param node what is this node's own
 * @param transactions how long transactions and their steps may take
 * @param sessions how long processes may be silent and blocks of numbers may be held
 * @param outcomes how long outcomes are remembered
 * @param raft the replicated log
 */
public record NodeConfig(
        ClusterSettings cluster,
        NodeSettings node,
        TransactionSettings transactions,
        SessionSettings sessions,
        OutcomeSettings outcomes,
        RaftSettings raft) {

    public NodeConfig {
        if (cluster.member(node.id()).isEmpty()) {
            throw new IllegalArgumentException("node " + node.id() + " is not among the members " + cluster.members());
        }
    }

    /**
     * A node of a development cluster with one shard and defaults everywhere else; it listens on 127.0.0.1 at the ports
     * of its member entry.
     *
     * @throws IllegalArgumentException if {@code id} is not among the members, or the name or a member is not valid
     */
    public static NodeConfig development(String clusterName, NodeId id, List<Member> members, Path dataDirectory) {
        ClusterSettings cluster = new ClusterSettings(clusterName, 1, members, true);
        Member self = cluster.member(id)
                .orElseThrow(() -> new IllegalArgumentException("node " + id + " is not among the members"));
        Settings defaults = Settings.defaults();
        return new NodeConfig(
                cluster,
                new NodeSettings(id, NodeSettings.LOOPBACK, self.clientPort(), self.raftPort(), dataDirectory),
                TransactionSettings.of(defaults),
                SessionSettings.of(defaults),
                OutcomeSettings.of(defaults),
                RaftSettings.of(defaults));
    }

    /** The same node in a cluster that is described differently: more shards, say. */
    public NodeConfig with(ClusterSettings changed) {
        return new NodeConfig(changed, node, transactions, sessions, outcomes, raft);
    }

    /** The same node with other times for transactions. */
    public NodeConfig with(TransactionSettings changed) {
        return new NodeConfig(cluster, node, changed, sessions, outcomes, raft);
    }

    /** The same node with other times for sessions. */
    public NodeConfig with(SessionSettings changed) {
        return new NodeConfig(cluster, node, transactions, changed, outcomes, raft);
    }

    /** The same node with another memory of outcomes. */
    public NodeConfig with(OutcomeSettings changed) {
        return new NodeConfig(cluster, node, transactions, sessions, changed, raft);
    }

    /** The same node with another log. */
    public NodeConfig with(RaftSettings changed) {
        return new NodeConfig(cluster, node, transactions, sessions, outcomes, changed);
    }

    /** This node's entry among the members: where the others reach it. */
    public Member self() {
        return cluster.member(node.id()).orElseThrow();
    }
}
