package dev.assent.coordinator.config;

import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;

/**
 * What is a node's own.
 *
 * @param id one of the cluster's members
 * @param listenHost the interface that it listens on; 127.0.0.1 unless told otherwise
 * @param clientPort gRPC for applications, participants and commands
 * @param raftPort between the nodes
 * @param dataDirectory identity, log and snapshots; of this node alone, on a disk that survives a restart
 */
public record NodeSettings(NodeId id, String listenHost, int clientPort, int raftPort, Path dataDirectory) {
    /** Where a node listens unless it is told otherwise: a fresh installation is not open to the network. */
    public static final String LOOPBACK = "127.0.0.1";

    public NodeSettings {
        Kind.HOST.parse(listenHost);
        Member.checkPort("client port", clientPort);
        Member.checkPort("raft port", raftPort);
        if (clientPort == raftPort) {
            throw new IllegalArgumentException("client and raft port are both " + clientPort);
        }
    }
}
