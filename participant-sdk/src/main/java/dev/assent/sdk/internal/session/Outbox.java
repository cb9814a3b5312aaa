package dev.assent.sdk.internal.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.InstanceMessage;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frames that wait for one stream. Any thread adds; the event thread takes them out as messages. Whatever is added while
 * a flush is pending shares its message: that is all the batching there is, and nothing waits for company.
 */
final class Outbox {
    /** A message may be 4 MiB; the rest is for what protobuf writes around the frames. */
    private static final int MAX_MESSAGE_BYTES = (4 << 20) - 1024;

    private static final int MAX_BYTES_AROUND_FRAME = 6;

    private final Queue<Frame> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean isFlushPending = new AtomicBoolean();

    /** True if the caller must see to a flush, since none is pending. */
    boolean add(Frame frame) {
        waiting.add(frame);
        waitingBytes.addAndGet(cost(frame));
        return isFlushPending.compareAndSet(false, true);
    }

    long waitingBytes() {
        return waitingBytes.get();
    }

    /** A flush begins: what is added from now on asks for another one. */
    void flushing() {
        isFlushPending.set(false);
    }

    /** The next message, if anything waits; for the event thread alone. */
    Optional<InstanceMessage> next() {
        InstanceMessage.Builder message = InstanceMessage.newBuilder();
        int bytes = 0;
        for (Frame frame = waiting.peek(); frame != null; frame = waiting.peek()) {
            int more = cost(frame);
            if (bytes > 0 && bytes + more > MAX_MESSAGE_BYTES) {
                break;
            }
            waiting.remove();
            message.addFrames(frame);
            bytes += more;
        }
        waitingBytes.addAndGet(-bytes);
        return bytes == 0 ? Optional.empty() : Optional.of(message.build());
    }

    private static int cost(Frame frame) {
        return frame.getSerializedSize() + MAX_BYTES_AROUND_FRAME;
    }
}
