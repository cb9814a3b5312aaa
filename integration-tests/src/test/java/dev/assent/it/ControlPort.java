package dev.assent.it;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Where a process of the tests is told what to do; it prints {@code CONTROL} and the port that it was given. */
final class ControlPort {
    private ControlPort() {}

    static Server open(TextCall.Handler handler) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(TextCall.service(handler))
                .build()
                .start();
        System.out.println("CONTROL " + server.getPort());
        return server;
    }
}
