package dev.assent.coordinator.session;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A real server on loopback that serves two shards of three, and a channel to it. */
final class TestNode implements AutoCloseable {
    static final ClusterId CLUSTER = ClusterId.parse("bank-k3v9x2ma");
    static final int MAX_MESSAGE_BYTES = 4 << 20;

    /** Netty warns of every stream that a test breaks on purpose. */
    private static final Logger NETTY = Logger.getLogger("io.grpc.netty.shaded");

    static {
        NETTY.setLevel(Level.OFF);
    }

    final RecordingInbox first = new RecordingInbox(0);
    final RecordingInbox second = new RecordingInbox(1);
    final ParticipantSessions sessions;
    final ManagedChannel channel;
    private final Server server;

    TestNode(Duration lease, StreamLimits limits) throws IOException {
        sessions = new ParticipantSessions(
                new Membership(CLUSTER, new NodeId("n1"), 3, lease), List.of(first, second), limits);
        server = serve(sessions);
        channel = channelTo(server);
    }

    static Server serve(BindableService service) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .addService(service)
                .build()
                .start();
    }

    static ManagedChannel channelTo(Server server) {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        sessions.close();
        server.shutdownNow();
    }
}
