package dev.assent.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Hello;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.ParticipantServiceGrpc;
import dev.assent.proto.v1.Welcome;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process written by hand, so that it can also break the contract. */
final class TestProcess implements ClientResponseObserver<InstanceMessage, NodeMessage> {
    static final long WAIT_SECONDS = 10;

    private final BlockingQueue<NodeMessage> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final CompletableFuture<String> reason = new CompletableFuture<>();
    private final CompletableFuture<ClientCallStreamObserver<InstanceMessage>> call = new CompletableFuture<>();
    private final boolean reads;

    private TestProcess(boolean reads) {
        this.reads = reads;
    }

    static TestProcess connect(Channel channel) {
        return connect(channel, true);
    }

    /** One that never reads. */
    static TestProcess connectDeaf(Channel channel) {
        return connect(channel, false);
    }

    private static TestProcess connect(Channel channel, boolean reads) {
        TestProcess process = new TestProcess(reads);
        ParticipantServiceGrpc.newStub(channel).connect(process);
        return process;
    }

    static Hello.Builder hello(String instance) {
        return Hello.newBuilder()
                .setOldestVersion(1)
                .setNewestVersion(3)
                .setInstance(instance)
                .setName("shop-1")
                .addResources("ledger");
    }

    TestProcess say(Hello.Builder hello) {
        return say(InstanceMessage.newBuilder().setHello(hello));
    }

    TestProcess say(Frame... frames) {
        return say(InstanceMessage.newBuilder().addAllFrames(List.of(frames)));
    }

    TestProcess say(InstanceMessage.Builder message) {
        call.join().onNext(message.build());
        return this;
    }

    void hangUp() {
        call.join().cancel("gone", null);
    }

    boolean canSend() {
        return call.join().isReady();
    }

    NodeMessage next() throws InterruptedException {
        NodeMessage message = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(message)
                .as("a message within %s s; stream: %s", WAIT_SECONDS, ended)
                .isNotNull();
        return message;
    }

    Welcome welcome() throws InterruptedException {
        NodeMessage message = next();
        assertThat(message.hasWelcome()).as("welcome in %s", message).isTrue();
        return message.getWelcome();
    }

    boolean hasReceivedNothingMore() {
        return received.isEmpty();
    }

    /** How the stream ended; waits for it. */
    Status ended() throws InterruptedException, ExecutionException, TimeoutException {
        return ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    /** The stable reason of its end; waits for it. */
    String reason() throws InterruptedException, ExecutionException, TimeoutException {
        return reason.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<InstanceMessage> requests) {
        if (!reads) {
            requests.disableAutoRequestWithInitial(0);
        }
        call.complete(requests);
    }

    @Override
    public void onNext(NodeMessage message) {
        received.add(message);
    }

    @Override
    public void onError(Throwable broken) {
        reason.complete(reason(broken));
        ended.complete(Status.fromThrowable(broken));
    }

    @Override
    public void onCompleted() {
        reason.complete("");
        ended.complete(Status.OK);
    }

    private static String reason(Throwable broken) {
        com.google.rpc.Status status = StatusProto.fromThrowable(broken);
        if (status == null) {
            return "";
        }
        StringBuilder reasons = new StringBuilder();
        for (Any detail : status.getDetailsList()) {
            try {
                ErrorInfo info = detail.unpack(ErrorInfo.class);
                assertThat(info.getDomain()).isEqualTo("assent.dev");
                reasons.append(info.getReason());
            } catch (InvalidProtocolBufferException unreadable) {
                reasons.append(unreadable);
            }
        }
        return reasons.toString();
    }
}
