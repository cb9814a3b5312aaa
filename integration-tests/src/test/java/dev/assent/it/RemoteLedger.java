package dev.assent.it;

import dev.assent.sdk.Assent;
import dev.assent.testkit.ChildJvm;
import dev.assent.testkit.Ports;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A ledger in a process of its own that can be killed at a step and started again, at the same port. */
final class RemoteLedger implements AskedBooks, AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Path directory;
    private final String name;
    private final String coordinators;
    private final int port;
    private int lives;
    private ChildJvm process;
    private ManagedChannel channel;

    /** Starts it and waits until it serves. */
    RemoteLedger(Path directory, String name, String coordinators) {
        this.directory = directory;
        this.name = name;
        this.coordinators = coordinators;
        this.port = Ports.free(1).get(0);
        this.process = launch();
        this.channel = dial();
        process.awaitLine("READY", START);
    }

    /** Its next life, after it died. */
    void restart() {
        process.awaitEnd(START);
        process.close();
        channel.shutdownNow();
        process = launch();
        channel = dial();
        process.awaitLine("READY", START);
    }

    private ChildJvm launch() {
        lives++;
        return ChildJvm.start(
                name,
                directory.resolve(name + "-life-" + lives + ".log"),
                List.of("-Xmx256m"),
                ParticipantProcess.class.getName(),
                List.of(name, Integer.toString(port), coordinators, directory.toString()));
    }

    private ManagedChannel dial() {
        return Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                .build();
    }

    /** It will die, or stumble, at a step; see {@link ArmedFault}. */
    void arm(String fault) {
        TextCall.say(channel, "arm " + fault);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Calls that carry the caller's transaction. */
    Channel channel(Assent caller) {
        return ClientInterceptors.intercept(channel, caller.clientInterceptor());
    }

    @Override
    public String ask(String what) {
        return TextCall.say(channel, what);
    }

    /** What its lives have printed last, for messages. */
    String tail() {
        return process.tail();
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.close();
    }
}
