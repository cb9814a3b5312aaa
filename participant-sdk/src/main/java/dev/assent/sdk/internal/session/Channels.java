package dev.assent.sdk.internal.session;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Connections, all served by one thread, which is the event thread of the sessions: what a node says is worked off
 * where it is read, without another hand-off. The one class here that knows the transport.
 */
final class Channels implements AutoCloseable {
    private static final int WINDOW_BYTES = 4 << 20;
    private static final int MAX_MESSAGE_BYTES = 4 << 20;
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 5;

    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final MultiThreadIoEventLoopGroup loop;
    private final Duration connectTimeout;

    Channels(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
        this.loop = new MultiThreadIoEventLoopGroup(1, this::newThread, NioIoHandler.newFactory());
    }

    /** The one thread; refuses tasks once closed. */
    ScheduledExecutorService events() {
        return loop.next();
    }

    boolean isEventThread() {
        return Thread.currentThread() == thread.get();
    }

    /**
     * A new connection for one attempt. A channel that is kept would wait by its own backoff, and answer attempts
     * meanwhile with the error of an earlier one.
     */
    ManagedChannel dial(Address address) {
        return NettyChannelBuilder.forAddress(address.host(), address.port())
                .usePlaintext()
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
                .directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .disableRetry()
                .build();
    }

    @Override
    public void close() {
        Future<?> unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Thread newThread(Runnable task) {
        Thread created = new Thread(task, "assent-sessions");
        created.setDaemon(true);
        thread.set(created);
        return created;
    }
}
