package dev.assent.it;

import dev.assent.sdk.Assent;
import dev.assent.sdk.Receipt;
import dev.assent.sdk.TransactionOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;

/**
 * A pure initiator as a process of its own that runs one transaction over two participants: {@code <coordinators> <left
 * port> <right port> <id>}. Prints {@code XID} before it commits and {@code TOLD} afterwards, if it lives to do so.
 */
final class InitiatorProcess {
    /** After this the coordinator aborts what nobody commits. */
    static final Duration TIMEOUT = Duration.ofSeconds(4);

    private InitiatorProcess() {}

    public static void main(String[] arguments) {
        Assent assent = Assent.builder("initiator")
                .coordinators(arguments[0])
                .development(true)
                .start();
        Channel left = channel(arguments[1], assent);
        Channel right = channel(arguments[2], assent);
        Receipt<String> receipt = assent.transact(TransactionOptions.timeout(TIMEOUT), tx -> {
            TextCall.say(left, "write " + arguments[3]);
            TextCall.say(right, "write " + arguments[3]);
            System.out.println("XID " + tx.xid());
            return arguments[3];
        });
        System.out.println("TOLD " + receipt.xid());
        assent.close();
    }

    private static Channel channel(String port, Assent assent) {
        return ClientInterceptors.intercept(
                Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                        .build(),
                assent.clientInterceptor());
    }
}
