package dev.assent.coordinator;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Hello;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.ParticipantServiceGrpc;
import dev.assent.proto.v1.ReportCode;
import dev.assent.proto.v1.VoteCode;
import dev.assent.protocol.Xid;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A participant written against the bare contract, with one branch. */
final class RawInstance implements AutoCloseable {
    private static final String INSTANCE = "inst00000001";
    private static final String BRANCH = "db." + INSTANCE + ".0";

    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> welcomed = new CompletableFuture<>();
    private final StreamObserver<InstanceMessage> stream;

    RawInstance(Channel channel) throws Exception {
        stream = ParticipantServiceGrpc.newStub(channel).connect(new StreamObserver<>() {
            @Override
            public void onNext(NodeMessage message) {
                if (message.hasWelcome()) {
                    welcomed.complete(true);
                }
                frames.addAll(message.getFramesList());
            }

            @Override
            public void onError(Throwable broken) {
                welcomed.completeExceptionally(broken);
            }

            @Override
            public void onCompleted() {
                welcomed.complete(false);
            }
        });
        stream.onNext(InstanceMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setOldestVersion(1)
                        .setNewestVersion(1)
                        .setInstance(INSTANCE)
                        .addResources("db"))
                .build());
        welcomed.get(20, TimeUnit.SECONDS);
    }

    /** The next frame that is no news of leaders or nodes. */
    void expect(Frame.Kind kind) throws InterruptedException {
        Frame frame = frames.poll(20, TimeUnit.SECONDS);
        while (frame != null && (frame.getKind() == Frame.Kind.LEADING || frame.getKind() == Frame.Kind.MEMBERS)) {
            frame = frames.poll(20, TimeUnit.SECONDS);
        }
        if (frame == null || frame.getKind() != kind) {
            throw new AssertionError("expected " + kind + ", got " + frame);
        }
    }

    void enlist(String xid) {
        send(frame(xid, Frame.Kind.ENLIST));
    }

    void voteYes(String xid) {
        send(frame(xid, Frame.Kind.VOTE).setCode(VoteCode.VOTE_YES_VALUE).setCalls(1));
    }

    void acknowledge(String xid) {
        send(frame(xid, Frame.Kind.REPORT).setCode(ReportCode.REPORT_DONE_VALUE));
    }

    private static Frame.Builder frame(String text, Frame.Kind kind) {
        Xid xid = Xid.parse(text);
        return Frame.newBuilder()
                .setKind(kind)
                .setShard(xid.shard())
                .setTerm(xid.term())
                .setSeq(xid.seq())
                .setBranch(BRANCH);
    }

    private void send(Frame.Builder frame) {
        stream.onNext(InstanceMessage.newBuilder().addFrames(frame).build());
    }

    @Override
    public void close() {
        stream.onCompleted();
    }
}
