package dev.assent.samples.demo;

import dev.assent.samples.shop.ShopProcess;
import dev.assent.testkit.ChildJvm;
import dev.assent.testkit.Ports;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The three services, each a process with its own database and an address that it keeps. */
final class ShopProcesses implements AutoCloseable {
    static final List<String> SERVICES = List.of("orders", "inventory", "payments");

    private static final Duration START = Duration.ofSeconds(40);

    private final Path directory;
    private final String coordinators;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, ChildJvm> running = new LinkedHashMap<>();
    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();

    ShopProcesses(Path directory, String coordinators) {
        this.directory = directory;
        this.coordinators = coordinators;
        List<Integer> free = Ports.free(SERVICES.size());
        for (int i = 0; i < SERVICES.size(); i++) {
            ports.put(SERVICES.get(i), free.get(i));
            channels.put(
                    SERVICES.get(i),
                    Grpc.newChannelBuilder("127.0.0.1:" + free.get(i), InsecureChannelCredentials.create())
                            .build());
        }
    }

    /** Starts the service; it serves some seconds later. */
    void start(String service, List<String> jvmOptions) {
        List<String> options = new ArrayList<>(List.of("-Xmx256m"));
        options.addAll(jvmOptions);
        running.put(
                service,
                ChildJvm.start(
                        service,
                        directory.resolve(service + ".log"),
                        options,
                        ShopProcess.class.getName(),
                        List.of(service, Integer.toString(port(service)), coordinators, directory.toString())));
    }

    private int port(String service) {
        return ports.getOrDefault(service, 0);
    }

    void awaitReady(String service) {
        process(service).awaitLine("READY", START);
    }

    ChildJvm process(String service) {
        ChildJvm process = running.get(service);
        if (process == null) {
            throw new IllegalStateException(service + " was never started");
        }
        return process;
    }

    ManagedChannel channel(String service) {
        ManagedChannel channel = channels.get(service);
        if (channel == null) {
            throw new IllegalArgumentException("no such service: " + service);
        }
        return channel;
    }

    /** Ends all of them as an operator would, so that their databases can be opened. */
    void stop() {
        running.values().forEach(process -> process.terminate(Duration.ofSeconds(20)));
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        running.values().forEach(ChildJvm::close);
    }
}
