package dev.assent.coordinator;

import dev.assent.cli.Problem;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.config.NodeSettings;
import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.fault.PlannedFaults;
import dev.assent.coordinator.replication.NodeIdentity;
import dev.assent.coordinator.replication.NodeStorage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out, before anything of a node runs, why it could not; each mistake names the setting that mends it. */
final class StartChecks {
    private StartChecks() {}

    /** All ports at once: a node that is half up would take part in elections and serve nobody. */
    static void portsAreFree(NodeConfig config) throws NodeStartException {
        NodeSettings node = config.node();
        portIsFree(node.listenHost(), node.clientPort(), "node.client-port");
        portIsFree(node.listenHost(), node.raftPort(), "node.raft-port");
    }

    private static void portIsFree(String host, int port, String setting) throws NodeStartException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new NodeStartException(
                    new Problem(
                            "Cannot listen on " + host + ":" + port + " (" + setting + "): " + e.getMessage() + ".",
                            "Another process uses it, or the address is not this machine's.",
                            "Stop that process, or change " + setting + " or node.listen-host."),
                    e);
        }
    }

    /** The directory's identity is for ever; a configuration that says otherwise is a mistake. */
    static void fits(NodeIdentity identity, NodeConfig config) throws NodeStartException {
        requireSame("node.id", identity.node().value(), config.node().id().value());
        requireSame("cluster.name", identity.cluster().name(), config.cluster().name());
        requireSame(
                "cluster.shards",
                Integer.toString(identity.shards()),
                Integer.toString(config.cluster().shards()));
    }

    /** Under its old id it would only disturb: nobody counts its votes any more, and its log has ended. */
    static void isNotRemoved(NodeStorage storage, NodeConfig config) throws NodeStartException {
        if (storage.isRemoved()) {
            throw new NodeStartException(new Problem(
                    "Node '" + config.node().id() + "' was removed from its cluster.",
                    "An id is used once: the others have gone on without this node, and its data is out of date.",
                    "To bring this machine back, give it a new node.id and an empty node.data-directory, start it, and"
                            + " run ./assent cluster add."));
        }
    }

    private static void requireSame(String setting, String born, String configured) throws NodeStartException {
        if (!born.equals(configured)) {
            throw new NodeStartException(new Problem(
                    "The data directory belongs to " + setting + " '" + born + "', the configuration says '"
                            + configured + "'.",
                    "What a node was born with is for ever.",
                    "Set " + setting + " to '" + born + "', or use another data directory (node.data-directory)."));
        }
    }

    /** The seam that was installed, or the one of the system property. */
    static FaultSeam faults(NodeConfig config, FaultSeam installed) throws NodeStartException {
        String asked = System.getProperty(PlannedFaults.PROPERTY, "");
        if (asked.isEmpty() || installed != FaultSeam.NONE) {
            return installed;
        }
        if (!config.cluster().development()) {
            throw new NodeStartException(new Problem(
                    "The system property " + PlannedFaults.PROPERTY + " is set.",
                    "Faults are injected in development only.",
                    "Remove the property, or set development: true if this cluster may lose its data."));
        }
        try {
            return PlannedFaults.parse(asked);
        } catch (IllegalArgumentException e) {
            throw new NodeStartException(
                    new Problem(
                            "The system property " + PlannedFaults.PROPERTY + " makes no sense: " + e.getMessage()
                                    + ".",
                            "",
                            "Correct or remove it."),
                    e);
        }
    }
}
