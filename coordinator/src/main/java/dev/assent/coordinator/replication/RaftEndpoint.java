package dev.assent.coordinator.replication;

import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/**
 * Where this node listens for its peers, and how the peers prove who they are.
 *
 * @param host the address to bind; may differ from the one that peers are told
 * @param port the port to bind, 1 to 65,535: peers must find it again after a restart
 * @param tls mutual TLS between members. Without it whoever reaches the port can write the log; Raft itself authorises
 *     nobody, so its certificate authority must be one that signs for members only
 */
public record RaftEndpoint(String host, int port, Optional<MutualTls> tls) {
    public RaftEndpoint {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("Raft port must be 1 to 65535, not " + port);
        }
    }

    /** Without TLS: for development. */
    public static RaftEndpoint plain(String host, int port) {
        return new RaftEndpoint(host, port, Optional.empty());
    }

    /** Both may reload what they hold, so that certificates rotate without a restart. */
    public record MutualTls(KeyManager key, TrustManager trust) {}
}
