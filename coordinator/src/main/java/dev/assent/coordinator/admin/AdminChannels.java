package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Connections to nodes by address, opened on first use and closed together. Not thread-safe. */
public final class AdminChannels implements AutoCloseable {
    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();
    private final Duration deadline;

    /** @param deadline for each call */
    public AdminChannels(Duration deadline) {
        this.deadline = deadline;
    }

    /** The admin calls of the node at {@code host:port}. Never fails; the first call does, if nobody is there. */
    public AdminClient admin(String address) {
        return new AdminClient(address, channel(address), deadline);
    }

    /** The admin calls of a member. */
    public AdminClient admin(Member member) {
        return admin(member.clientAddress());
    }

    /** The connection itself, for other services of the node. */
    public ManagedChannel channel(String address) {
        return channels.computeIfAbsent(
                address,
                target -> Grpc.newChannelBuilder("dns:///" + target, InsecureChannelCredentials.create())
                        .build());
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
        channels.clear();
    }
}
