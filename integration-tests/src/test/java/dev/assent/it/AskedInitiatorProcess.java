package dev.assent.it;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.sdk.TransactionOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A pure initiator as a process of its own that runs transactions over two participants when it is asked to: {@code
 * <coordinators> <left port> <right port>}. Understands {@code write <id> <timeout in ms>}, answered by what it was told;
 * {@code xid}, by the transaction that it runs; and the wishes of {@link Stop}.
 */
final class AskedInitiatorProcess {
    private final ArmedFault faults = new ArmedFault();
    private final Assent assent;
    private final Channel left;
    private final Channel right;
    private volatile String xid = "";

    private AskedInitiatorProcess(String[] arguments) {
        assent = Assent.builder("initiator")
                .coordinators(arguments[0])
                .development(true)
                .faults(faults)
                .start();
        left = channel(arguments[1]);
        right = channel(arguments[2]);
    }

    public static void main(String[] arguments) throws Exception {
        AskedInitiatorProcess process = new AskedInitiatorProcess(arguments);
        ControlPort.open(process::answer);
        System.out.println("SERVES");
        new CountDownLatch(1).await();
    }

    private Channel channel(String port) {
        return ClientInterceptors.intercept(
                Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                        .build(),
                assent.clientInterceptor());
    }

    private String answer(String text) {
        String[] words = text.split(" ", -1);
        return switch (words[0]) {
            case "write" -> write(words[1], Duration.ofMillis(Long.parseLong(words[2])));
            case "xid" -> xid;
            default -> faults.stop().answer(words);
        };
    }

    private String write(String id, Duration timeout) {
        xid = "";
        Told told = Told.by(assent, id, TransactionOptions.timeout(timeout), tx -> {
            xid = tx.xid().toString();
            TextCall.say(left, "write " + id);
            TextCall.say(right, "write " + id);
        });
        return text(told);
    }

    /** The reverse of {@link #told}. */
    private static String text(Told told) {
        return told.xid().map(Xid::toString).orElse(Stop.NO_XID) + " "
                + told.outcome().map(Outcome::name).orElse(Stop.NO_XID) + " " + told.isRetryable() + " " + told.why();
    }

    /** What the text of an initiator means. */
    static Told told(String id, String text) {
        String[] words = text.split(" ", 4);
        return new Told(
                id,
                words[0].equals(Stop.NO_XID) ? Optional.empty() : Optional.of(Xid.parse(words[0])),
                words[1].equals(Stop.NO_XID) ? Optional.empty() : Optional.of(Outcome.valueOf(words[1])),
                Boolean.parseBoolean(words[2]),
                words[3]);
    }
}
