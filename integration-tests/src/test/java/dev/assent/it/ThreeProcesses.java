package dev.assent.it;

import dev.assent.sdk.Assent;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import java.nio.file.Path;

/** A pure initiator and two participants behind gRPC, each with streams of its own. */
final class ThreeProcesses implements Pair {
    private final Participant left;
    private final Participant right;
    private final Assent initiator;
    private final Channel toLeft;
    private final Channel toRight;

    ThreeProcesses(Path directory, String coordinators) {
        left = new Participant(directory, "left", coordinators, 0);
        right = new Participant(directory, "right", coordinators, 0);
        initiator = Assent.connect(coordinators);
        toLeft = ClientInterceptors.intercept(left.channel(), initiator.clientInterceptor());
        toRight = ClientInterceptors.intercept(right.channel(), initiator.clientInterceptor());
    }

    @Override
    public Assent initiator() {
        return initiator;
    }

    @Override
    public Ledger left() {
        return left.ledger();
    }

    @Override
    public Ledger right() {
        return right.ledger();
    }

    @Override
    public void write(String id) {
        TextCall.say(toLeft, "write " + id);
        TextCall.say(toRight, "write " + id);
    }

    @Override
    public void move(String id, int account, long cents) {
        TextCall.say(toLeft, "move " + id + " " + account + " " + -cents);
        TextCall.say(toRight, "move " + id + " " + account + " " + cents);
    }

    @Override
    public void read() {
        TextCall.say(toLeft, "read");
        TextCall.say(toRight, "read");
    }

    @Override
    public void close() {
        initiator.close();
        left.close();
        right.close();
    }
}
