package dev.assent.it;

import dev.assent.sdk.Assent;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A service with a ledger of its own that does whatever a test wants, called over a real network. */
final class CalledService implements AutoCloseable {
    final Ledger ledger;
    final Assent assent;
    private final String resource;
    private final Server server;
    private final ManagedChannel channel;

    /** What it does when it is called. */
    interface Work {
        String answer(CalledService self, String[] words) throws Exception;
    }

    CalledService(Path directory, String name, String coordinators, Work work) throws IOException {
        resource = name + "-db";
        ledger = new Ledger(directory, name);
        assent = Assent.builder(name)
                .coordinators(coordinators)
                .development(true)
                .resource(resource, ledger.pool())
                .start();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(TextCall.service(text -> work.answer(this, text.split(" ", -1))))
                .intercept(assent.serverInterceptor())
                .build()
                .start();
        channel = Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    DataSource db() {
        return assent.dataSource(resource);
    }

    /** Writes an entry, within the transaction of this thread if it works in one. */
    void write(String entry) throws SQLException {
        Ledger.write(db(), entry);
    }

    /** Calls it within the caller's transaction. */
    String say(Assent caller, String text) {
        Channel carrying = ClientInterceptors.intercept(channel, caller.clientInterceptor());
        return TextCall.say(carrying, text);
    }

    /** Calls it outside any transaction, whatever the caller works in. */
    String sayPlainly(String text) {
        return TextCall.say(channel, text);
    }

    @Override
    public void close() {
        TextCall.stop(channel, server);
        assent.close();
        ledger.close();
    }
}
