package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before a node with an empty directory starts to wait for its birth, whether it was born before and lost its
 * memory since. A peer that does not answer proves nothing and does not hinder the start: the first nodes of a new
 * cluster find nobody. They serve nothing before their birth, and the birth asks all members again.
 */
public final class BirthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(BirthCheck.class);
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private BirthCheck() {}

    /**
     * To be called only if the node's directory holds no identity.
     *
     * @throws ClusterRefusedException if a peer knows this node as a member: it was wiped and must not start
     * @throws IOException if the directory cannot be read
     */
    public static void check(NodeConfig config) throws ClusterRefusedException, IOException {
        try (AdminChannels channels = new AdminChannels(DEADLINE)) {
            check(config, channels::admin);
        }
    }

    static void check(NodeConfig config, Function<Member, AdminClient> clients)
            throws ClusterRefusedException, IOException {
        Optional<ClusterIdentity> pledged = new BirthPledge(config.node().dataDirectory()).read();
        for (Member peer : config.cluster().members()) {
            if (peer.id().equals(config.node().id())) {
                continue;
            }
            Optional<NodeView> view = ask(clients.apply(peer));
            if (view.isPresent() && knows(view.get(), config) && !isPledgedTo(pledged, view.get())) {
                throw Plans.wiped(config.node().id(), view.get());
            }
        }
    }

    private static boolean knows(NodeView peer, NodeConfig config) {
        return peer.state() == BirthState.BORN
                && peer.knownMembers().contains(config.node().id());
    }

    /** A node that stopped between its pledge and its birth has not voted: the birth may go on. */
    private static boolean isPledgedTo(Optional<ClusterIdentity> pledged, NodeView peer) {
        return pledged.isPresent()
                && pledged.get().id().equals(peer.identity().orElseThrow().id());
    }

    private static Optional<NodeView> ask(AdminClient peer) {
        try {
            return Optional.of(peer.node());
        } catch (StatusRuntimeException e) {
            LOG.info(
                    "Node at {} does not answer yet: {}",
                    peer.address(),
                    e.getStatus().getCode());
            return Optional.empty();
        }
    }
}
