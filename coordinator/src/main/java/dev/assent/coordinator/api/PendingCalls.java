package dev.assent.coordinator.api;

import dev.assent.coordinator.shard.Replies;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Unary calls that wait for their answer. Bounded, because the shards' inboxes are not: a node that cannot keep up
 * refuses instead of filling its memory. Thread-safe.
 */
public final class PendingCalls implements Replies {
    /** What a waiting call takes beside its bytes on the wire, roughly. */
    private static final int CALL_BYTES = 512;

    private final int maxCalls;
    private final long maxBytes;
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean isClosed;

    private record Call(long bytes, Consumer<Answer> onAnswer) {}

    /**
     * @param maxCalls most calls that may wait
     * @param maxBytes most bytes that they may take
     */
    public PendingCalls(int maxCalls, long maxBytes) {
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
    }

    /**
     * Lets a call wait.
     *
     * @param wireBytes size of its request
     * @param onAnswer called once, by any thread, unless the call is forgotten first; must return at once
     * @return the name under which it is answered; empty if too much waits already
     */
    Optional<RequestId> open(long wireBytes, Consumer<Answer> onAnswer) {
        long callBytes = wireBytes + CALL_BYTES;
        boolean fits = bytes.addAndGet(callBytes) <= maxBytes && calls.size() < maxCalls && !isClosed;
        if (!fits) {
            bytes.addAndGet(-callBytes);
            return Optional.empty();
        }
        long number = lastNumber.incrementAndGet();
        calls.put(number, new Call(callBytes, onAnswer));
        return Optional.of(new RequestId(ORIGIN, number));
    }

    /** Nobody waits for it any more. */
    void forget(RequestId request) {
        take(request.number());
    }

    @Override
    public void reply(RequestId request, Answer answer) {
        take(request.number()).ifPresent(call -> call.onAnswer().accept(answer));
    }

    /** How many wait. */
    public int count() {
        return calls.size();
    }

    /** The node stops: whoever waits is told to ask another one, and nobody else may wait. */
    public void close() {
        isClosed = true;
        Answer elsewhere = new Answer.Refused(Answer.Reason.NOT_LEADER, 0, "the node is stopping");
        for (Long number : List.copyOf(calls.keySet())) {
            take(number).ifPresent(call -> call.onAnswer().accept(elsewhere));
        }
    }

    private Optional<Call> take(long number) {
        Call call = calls.remove(number);
        if (call != null) {
            bytes.addAndGet(-call.bytes());
        }
        return Optional.ofNullable(call);
    }
}
