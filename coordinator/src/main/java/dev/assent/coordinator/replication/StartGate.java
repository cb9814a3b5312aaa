package dev.assent.coordinator.replication;

import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;

/**
 * Keeps peers out until every log is open. A leader that has a snapshot for a follower offers it again and again; in this
 * version of Raft an offer that arrives while the follower still reads its log makes that follower fail to start. Callers
 * see what they see of a node that does not run yet. Thread-safe.
 */
final class StartGate implements GrpcServices.Customizer, ServerInterceptor {
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean isOpen;

    void open() {
        isOpen = true;
    }

    /** Calls that came too early. */
    long refused() {
        return refused.get();
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return builder.intercept(this);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (isOpen) {
            return next.startCall(call, headers);
        }
        refused.incrementAndGet();
        call.close(Status.UNAVAILABLE.withDescription("this node is opening its logs"), new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
