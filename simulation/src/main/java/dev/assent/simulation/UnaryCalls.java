package dev.assent.simulation;

import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Calls to one node that come over no stream: of people, and of programs without the SDK. Whoever makes them chooses the
 * node; nothing repeats them.
 */
final class UnaryCalls {
    static final String ORIGIN = "unary";

    private record Waiting(Request request, Consumer<Answer> back) {}

    private final Node node;
    private final World world;
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private long lastNumber;

    UnaryCalls(Node node) {
        this.node = node;
        this.world = node.world;
    }

    /** Calls this node over the network, which may lose, delay and double the call and its answer. */
    void call(Actor from, int shard, Request request, Luck luck, Consumer<Answer> then) {
        world.network.send(
                from,
                node,
                new Network.Lane(),
                luck,
                () -> arrived(shard, request, answer -> {
                    if (from.isAlive) {
                        world.network.send(node, from, new Network.Lane(), luck, () -> then.accept(answer));
                    }
                }));
    }

    /** A call is here. */
    void arrived(int shard, Request request, Consumer<Answer> back) {
        waiting.put(++lastNumber, new Waiting(request, back));
        node.replicas[shard].turns.offer(new Input.Requested(new RequestId(ORIGIN, lastNumber), request));
    }

    void answered(long number, Answer answer) {
        Waiting caller = waiting.remove(number);
        if (caller == null) {
            throw new Violation(Violation.Law.AC4, "call " + number + " is answered twice: " + answer);
        }
        boolean isOfOwnNumber =
                caller.request instanceof Request.Begin begin && begin.xid().isEmpty();
        if (isOfOwnNumber && answer instanceof Answer.Begun begun) {
            world.judge.begun(begun.xid(), null);
        }
        caller.back.accept(answer);
    }
}
