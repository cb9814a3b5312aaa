package dev.assent.sdk.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.Leadership;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.ParticipantServiceGrpc;
import dev.assent.proto.v1.Welcome;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node written by hand: the test plays its part, stream by stream. */
final class FakeNode extends ParticipantServiceGrpc.ParticipantServiceImplBase implements AutoCloseable {
    static final long WAIT_SECONDS = 10;

    /** For processes that dial it: again and again at once, and with patience for its word. */
    static final SessionSettings QUICK = new SessionSettings(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            1 << 20);

    private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
    private final boolean reads;
    private final Server server;

    FakeNode() throws IOException {
        this(0, true);
    }

    FakeNode(int port, boolean reads) throws IOException {
        this.reads = reads;
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .directExecutor()
                .addService(this)
                .build()
                .start();
    }

    /** One stream, as the node sees it. */
    static final class Stream implements StreamObserver<InstanceMessage> {
        private final ServerCallStreamObserver<NodeMessage> process;
        private final BlockingQueue<InstanceMessage> received = new LinkedBlockingQueue<>();

        private Stream(ServerCallStreamObserver<NodeMessage> process) {
            this.process = process;
        }

        static Welcome.Builder welcome(String node, Leadership... leads) {
            return Welcome.newBuilder()
                    .setVersion(1)
                    .setCluster("bank-k3v9x2ma")
                    .setShards(2)
                    .setNode(node)
                    .setSessionLeaseMillis(60_000)
                    .addAllLeads(java.util.List.of(leads));
        }

        Stream say(Welcome.Builder welcome) {
            process.onNext(NodeMessage.newBuilder().setWelcome(welcome).build());
            return this;
        }

        Stream say(Frame.Builder frame) {
            process.onNext(NodeMessage.newBuilder().addFrames(frame).build());
            return this;
        }

        void end(Status.Code code, String reason, String text) {
            process.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                    .setCode(code.value())
                    .setMessage(text)
                    .addDetails(Any.pack(ErrorInfo.newBuilder()
                            .setDomain("assent.dev")
                            .setReason(reason)
                            .build()))
                    .build()));
        }

        InstanceMessage next() throws InterruptedException {
            InstanceMessage message = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            assertThat(message)
                    .as("a message of the process within %s s", WAIT_SECONDS)
                    .isNotNull();
            return message;
        }

        boolean hasReceivedNothingMore() {
            return received.isEmpty();
        }

        boolean isCancelled() {
            return process.isCancelled();
        }

        @Override
        public void onNext(InstanceMessage message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {
            process.onCompleted();
        }
    }

    @Override
    public StreamObserver<InstanceMessage> connect(StreamObserver<NodeMessage> responses) {
        ServerCallStreamObserver<NodeMessage> process = (ServerCallStreamObserver<NodeMessage>) responses;
        if (!reads) {
            process.disableAutoRequest();
            process.request(1);
        }
        Stream stream = new Stream(process);
        streams.add(stream);
        return stream;
    }

    int port() {
        return server.getPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /** The next stream that a process opens here; waits for it. */
    Stream accept() throws InterruptedException {
        Stream stream = streams.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(stream)
                .as("a stream of the process within %s s", WAIT_SECONDS)
                .isNotNull();
        return stream;
    }

    boolean hasNoFurtherStream() {
        return streams.isEmpty();
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow();
        assertThat(server.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
