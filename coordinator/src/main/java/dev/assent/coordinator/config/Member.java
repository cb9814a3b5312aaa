package dev.assent.coordinator.config;

import dev.assent.protocol.coordinator.NodeId;

/**
 * One node as the others reach it.
 *
 * @param id its name, for ever; a node that lost its data comes back under another
 * @param host a DNS name or an IP address; prefer a name, because the log remembers it
 * @param clientPort gRPC for applications, participants and commands; 1 to 65535
 * @param raftPort between the nodes; 1 to 65535, another one than the client port
 */
public record Member(NodeId id, String host, int clientPort, int raftPort) {
    public Member {
        Kind.HOST.parse(host);
        checkPort("client port", clientPort);
        checkPort("raft port", raftPort);
        if (clientPort == raftPort) {
            throw new IllegalArgumentException("client and raft port of " + id + " are both " + clientPort);
        }
    }

    /** {@code host:port} for applications, participants and commands. */
    public String clientAddress() {
        return address(host, clientPort);
    }

    /** {@code host:port} for the other nodes' logs. */
    public String raftAddress() {
        return address(host, raftPort);
    }

    static String address(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    static void checkPort(String what, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(what + " must be 1 to 65535, not " + port);
        }
    }
}
