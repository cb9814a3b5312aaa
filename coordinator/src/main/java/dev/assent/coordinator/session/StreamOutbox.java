package dev.assent.coordinator.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.Welcome;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one process. Several shards send at the same time while gRPC's observer takes one call at a time: a
 * short lock guards it, under which nothing waits. gRPC itself would queue without bound for a process that does not
 * read, so only what it is ready for is handed to it.
 */
final class StreamOutbox {
    /** A message may be 4 MiB; the rest is for what protobuf writes around the frames. */
    static final int MAX_MESSAGE_BYTES = (4 << 20) - 1024;

    private static final int MAX_BYTES_AROUND_FRAME = 6;

    private final ServerCallStreamObserver<NodeMessage> observer;
    private final StreamLimits limits;
    private final LongSupplier nanoClock;
    private final Queue<NodeMessage> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long overSinceNanos;
    private boolean isOver;
    private boolean isWelcomed;
    private boolean isClosed;

    StreamOutbox(ServerCallStreamObserver<NodeMessage> observer, StreamLimits limits, LongSupplier nanoClock) {
        this.observer = observer;
        this.limits = limits;
        this.nanoClock = nanoClock;
    }

    /** Sends the welcome before everything that was added since the stream is known to the shards. */
    synchronized void welcome(Welcome welcome) {
        if (!isClosed) {
            observer.onNext(NodeMessage.newBuilder().setWelcome(welcome).build());
            isWelcomed = true;
            drain();
        }
    }

    /** Adds one message, or several if it would be too long; sends what the transport takes. */
    synchronized void send(List<Frame> frames) {
        if (isClosed) {
            return;
        }
        for (NodeMessage message : messages(frames)) {
            waiting.add(message);
            waitingBytes += message.getSerializedSize();
        }
        drain();
    }

    /** The transport takes more. */
    synchronized void drain() {
        while (isWelcomed && !isClosed && observer.isReady()) {
            NodeMessage next = waiting.poll();
            if (next == null) {
                break;
            }
            waitingBytes -= next.getSerializedSize();
            observer.onNext(next);
        }
        boolean wasOver = isOver;
        isOver = waitingBytes > limits.queuedBytes();
        if (isOver && !wasOver) {
            overSinceNanos = nanoClock.getAsLong();
        }
    }

    /** Why the stream must be closed, if the process does not read what waits for it. */
    synchronized @Nullable StreamRefusal overflow() {
        boolean isTooMuch = waitingBytes > 2 * limits.queuedBytes();
        boolean isTooLong = isOver
                && nanoClock.getAsLong() - overSinceNanos > limits.patience().toNanos();
        if (isClosed || !(isTooMuch || isTooLong)) {
            return null;
        }
        return new StreamRefusal(
                Code.RESOURCE_EXHAUSTED,
                "OVERLOADED",
                waitingBytes + " bytes wait and this process does not read them");
    }

    /** Ends the stream; what waits is lost. Without a problem it ends well. */
    synchronized void close(@Nullable StatusRuntimeException problem) {
        if (isClosed) {
            return;
        }
        abandon();
        if (problem == null) {
            observer.onCompleted();
        } else {
            observer.onError(problem);
        }
    }

    /** The connection is gone: nothing more can be said. */
    synchronized void abandon() {
        isClosed = true;
        waiting.clear();
        waitingBytes = 0;
    }

    private static List<NodeMessage> messages(List<Frame> frames) {
        List<NodeMessage> messages = new ArrayList<>(1);
        NodeMessage.Builder message = NodeMessage.newBuilder();
        int bytes = 0;
        for (Frame frame : frames) {
            int more = frame.getSerializedSize() + MAX_BYTES_AROUND_FRAME;
            if (bytes + more > MAX_MESSAGE_BYTES) {
                messages.add(message.build());
                message.clear();
                bytes = 0;
            }
            message.addFrames(frame);
            bytes += more;
        }
        messages.add(message.build());
        return messages;
    }
}
