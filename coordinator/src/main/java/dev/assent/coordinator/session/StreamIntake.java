package dev.assent.coordinator.session;

import dev.assent.coordinator.shard.ShardInbox;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what one stream brings to the shards, and reads no further while too much of it waits there: a process that
 * sends faster than a shard works must be slowed down by its own connection, not fill this node's memory.
 */
final class StreamIntake {
    private static final Logger LOG = LoggerFactory.getLogger(StreamIntake.class);
    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    /** A frame of few bytes still becomes objects. */
    private static final int OBJECT_BYTES = 64;

    private final SessionContext context;
    private final InstanceFrames reader;
    private final ServerCallStreamObserver<NodeMessage> observer;
    private final AtomicLong unworkedBytes = new AtomicLong();
    private final AtomicBoolean isPaused = new AtomicBoolean();

    /** When each shard last heard of the process. */
    private final long[] toldNanos;

    private volatile long heardNanos;
    private boolean hasTaken;

    /**
     * @param refusal why the stream must end; then nothing of the message was handed over
     * @param replies for what no shard of this node can serve
     */
    record Taken(@Nullable StreamRefusal refusal, List<Frame> replies) {}

    StreamIntake(SessionContext context, ServerCallStreamObserver<NodeMessage> observer) {
        this.context = context;
        this.reader = new InstanceFrames(context.membership().cluster());
        this.observer = observer;
        this.heardNanos = context.nanoClock().getAsLong();
        this.toldNanos = new long[context.membership().shards()];
        Arrays.fill(toldNanos, heardNanos);
    }

    /** Whether a message was taken before. */
    boolean hasTaken() {
        return hasTaken;
    }

    /** Nothing came for the session lease, though this side would have read it. */
    boolean isSilent() {
        return !isPaused.get()
                && context.nanoClock().getAsLong() - heardNanos
                        > context.membership().sessionLease().toNanos();
    }

    void readOn() {
        observer.request(1);
    }

    /** Every message is taken whole or not at all. */
    Taken take(InstanceId from, InstanceMessage message) {
        hasTaken = true;
        heardNanos = context.nanoClock().getAsLong();
        if (message.getSerializedSize() > MAX_MESSAGE_BYTES) {
            return new Taken(
                    StreamRefusal.invalid("a message may be at most " + MAX_MESSAGE_BYTES + " bytes"), List.of());
        }
        SortedMap<Integer, List<Input>> byShard = new TreeMap<>();
        List<Frame> replies = new ArrayList<>();
        for (int i = 0; i < message.getFramesCount(); i++) {
            Arrival arrival = reader.read(message.getFrames(i));
            if (arrival instanceof Arrival.Malformed malformed) {
                return new Taken(StreamRefusal.invalid("frame " + i + ", " + malformed.problem()), List.of());
            } else if (arrival instanceof Arrival.Unknown unknown) {
                skip(unknown);
            } else if (arrival instanceof Arrival.Told told) {
                sort(told, told.shard(), new Input.Noticed(from, told.notice()), byShard, replies);
            } else if (arrival instanceof Arrival.Asked asked) {
                RequestId id = new RequestId(from.incarnation(), asked.number());
                sort(asked, asked.shard(), new Input.Requested(id, asked.request()), byShard, replies);
            }
        }
        offer(from, byShard, message.getSerializedSize() + (long) OBJECT_BYTES * message.getFramesCount());
        return new Taken(null, replies);
    }

    private void sort(
            Arrival arrival, int shard, Input input, SortedMap<Integer, List<Input>> byShard, List<Frame> replies) {
        if (context.inboxes().containsKey(shard)) {
            byShard.computeIfAbsent(shard, unused -> new ArrayList<>()).add(input);
        } else {
            Misaddressed.reply(arrival, shard < context.membership().shards()).ifPresent(replies::add);
        }
    }

    private void offer(InstanceId from, SortedMap<Integer, List<Input>> byShard, long bytes) {
        unworkedBytes.addAndGet(bytes);
        isPaused.set(true);
        // One more than the shards: this thread's own, so that nothing counts as worked off before all is offered.
        AtomicInteger unworked = new AtomicInteger(1);
        Runnable done = () -> {
            if (unworked.decrementAndGet() == 0) {
                unworkedBytes.addAndGet(-bytes);
                resumeIfRoom();
            }
        };
        for (ShardInbox inbox : context.inboxes().values()) {
            List<Input> told = byShard.get(inbox.shard());
            if (told != null || isDueToHear(inbox.shard())) {
                toldNanos[inbox.shard()] = heardNanos;
                List<Input> inputs = new ArrayList<>();
                inputs.add(new Input.SessionHeard(from));
                inputs.addAll(told == null ? List.of() : told);
                unworked.incrementAndGet();
                inbox.offer(inputs, done);
            }
        }
        done.run();
        resumeIfRoom();
    }

    /** Each shard keeps a lease of its own: a process that talks to one shard only must not die for the others. */
    private boolean isDueToHear(int shard) {
        return heardNanos - toldNanos[shard]
                >= context.membership().sessionLease().toNanos() / 6;
    }

    private void resumeIfRoom() {
        if (unworkedBytes.get() <= context.limits().unworkedBytes() && isPaused.compareAndSet(true, false)) {
            heardNanos = context.nanoClock().getAsLong();
            observer.request(1);
        }
    }

    private void skip(Arrival.Unknown unknown) {
        if (context.unknownFrames().sum() == 0) {
            LOG.info("Skipped a frame of kind {}, which newer versions know; further ones are counted", unknown.kind());
        }
        context.unknownFrames().increment();
    }
}
