package dev.assent.coordinator;

import dev.assent.proto.v1.AdminServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's gRPC server, and the only class that knows Netty. Calls run on its one I/O thread, since all that they do is
 * hand something to a shard's inbox; only admin calls, which wait for disks, have a thread of their own.
 */
final class ClientServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClientServer.class);
    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final int FLOW_CONTROL_WINDOW_BYTES = 4 << 20;
    private static final long PERMITTED_KEEP_ALIVE_SECONDS = 5;

    private final EventLoopGroup boss = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup worker = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService admin = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "assent-admin");
        thread.setDaemon(true);
        return thread;
    });
    private final HealthStatusManager health = new HealthStatusManager();
    private final Server server;

    /** Built, not started; not healthy. */
    ClientServer(InetSocketAddress address, List<BindableService> services) {
        setHealthy(false);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .bossEventLoopGroup(boss)
                .workerEventLoopGroup(worker)
                .channelType(NioServerSocketChannel.class)
                .directExecutor()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .permitKeepAliveTime(PERMITTED_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        builder.callExecutor(new AdminApart(admin));
        services.forEach(builder::addService);
        builder.addService(health.getHealthService());
        builder.addService(ProtoReflectionServiceV1.newInstance());
        this.server = builder.build();
    }

    private record AdminApart(Executor admin) implements ServerCallExecutorSupplier {
        @Override
        public <ReqT, RespT> @Nullable Executor getExecutor(ServerCall<ReqT, RespT> call, Metadata headers) {
            boolean isAdmin = AdminServiceGrpc.SERVICE_NAME.equals(
                    call.getMethodDescriptor().getServiceName());
            return isAdmin ? admin : null;
        }
    }

    /**
     * Listens from now on.
     *
     * @throws IOException if the address is taken
     */
    void start() throws IOException {
        server.start();
    }

    int port() {
        return server.getPort();
    }

    void setHealthy(boolean isHealthy) {
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                isHealthy ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** Takes no new calls, and is never healthy again; calls that run go on. */
    void stopAccepting() {
        health.enterTerminalState();
        server.shutdown();
    }

    /** Waits for the calls that run, for at most this long, and cuts the rest. */
    void close(long patienceMillis) {
        server.shutdown();
        try {
            if (!server.awaitTermination(patienceMillis, TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(patienceMillis + 1_000, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        freeThreads();
    }

    /** Cuts everything at once. */
    void kill() {
        server.shutdownNow();
        freeThreads();
    }

    private void freeThreads() {
        admin.shutdown();
        // Not waited for: they end by themselves within the second, and nothing depends on when.
        var bossEnds = boss.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var workerEnds = worker.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        LOGGER.debug("I/O threads end: {}, {}", bossEnds, workerEnds);
    }
}
