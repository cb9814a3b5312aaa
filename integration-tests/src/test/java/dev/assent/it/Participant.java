package dev.assent.it;

import dev.assent.sdk.Assent;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A ledger that others reach by gRPC: an Assent process of its own, whatever JVM it is in. */
final class Participant implements AutoCloseable {
    private final Ledger ledger;
    private final ArmedFault faults;
    private final Assent assent;
    private final Server server;
    private final ManagedChannel channel;

    /**
     * Serves at once.
     *
     * @param name of the ledger's file; the resource is {@code <name>-db}
     * @param port 0 lets the operating system choose
     */
    Participant(Path directory, String name, String coordinators, int port) {
        this(directory, name, coordinators, port, new ArmedFault());
    }

    /** The same with faults that are planned before it starts. */
    Participant(Path directory, String name, String coordinators, int port, ArmedFault faults) {
        this.faults = faults;
        ledger = new Ledger(directory, name);
        assent = Assent.builder(name)
                .coordinators(coordinators)
                .development(true)
                .instanceName(name + "-1")
                .faults(faults)
                .resource(name + "-db", ledger.pool())
                .start();
        DataSource db = assent.dataSource(name + "-db");
        server = serve(port, text -> work(db, text));
        channel = Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    private Server serve(int port, TextCall.Handler handler) {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                    .addService(TextCall.service(handler))
                    .intercept(assent.serverInterceptor())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String work(DataSource db, String text) throws SQLException {
        String[] words = text.split(" ", -1);
        switch (words[0]) {
            case "write" -> Ledger.write(db, words[1]);
            case "move" -> Ledger.move(db, words[1], Integer.parseInt(words[2]), Long.parseLong(words[3]));
            case "read" -> Ledger.read(db);
            case "arm" -> faults.arm(words[1]);
            case "disarm" -> faults.disarm();
            case "hold", "held", "release" -> {
                return faults.stop().answer(words);
            }
            case "entries" -> {
                return String.join(" ", ledger.entries());
            }
            case "in-doubt" -> {
                return String.join(" ", ledger.inDoubt());
            }
            case "evidence" -> {
                return String.join(" ", ledger.evidence());
            }
            case "in-use" -> {
                return Integer.toString(ledger.connectionsInUse());
            }
            default -> throw new IllegalArgumentException("no such work: " + text);
        }
        return "done";
    }

    Ledger ledger() {
        return ledger;
    }

    /** Where it can be broken. */
    ArmedFault faults() {
        return faults;
    }

    int port() {
        return server.getPort();
    }

    /** A channel to it that carries nothing by itself. */
    ManagedChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        TextCall.stop(channel, server);
        assent.close();
        ledger.close();
    }
}
