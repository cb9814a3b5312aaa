package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.config.NodeSettings;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A node of which only the admin calls are real: what it is told to write it keeps in memory. */
final class FakeNode implements NodeControl, AutoCloseable {
    private final NodeConfig config;
    private Server server;
    private volatile int port;
    private final AdminChannels channels = new AdminChannels(Duration.ofSeconds(10));
    private volatile Optional<ClusterIdentity> identity = Optional.empty();
    private volatile boolean diskIsFull;
    private volatile int births;

    FakeNode(String cluster, NodeId id, List<Member> members, Path directory) {
        this.config = NodeConfig.development(cluster, id, members, directory.resolve(id.value()));
        this.server = serve();
        this.port = server.getPort();
    }

    /** Stops answering; what it has written stays. */
    void stop() {
        server.shutdownNow();
    }

    /** Answers again, as after a restart. */
    void restart() {
        server = serve();
        port = server.getPort();
    }

    /** Forgets everything but its id. */
    void wipe() throws IOException {
        new BirthPledge(config.node().dataDirectory()).remove();
        identity = Optional.empty();
    }

    void fillDisk(boolean isFull) {
        diskIsFull = isFull;
    }

    int births() {
        return births;
    }

    NodeConfig config() {
        return config;
    }

    /** Over a connection of its own port, whatever the member entry says. */
    AdminClient client() {
        return channels.admin("127.0.0.1:" + port);
    }

    @Override
    public Optional<ClusterIdentity> identity() {
        return identity;
    }

    @Override
    public Set<NodeId> knownMembers() {
        return identity.stream()
                .flatMap(born -> born.plan().members().stream())
                .map(Member::id)
                .collect(Collectors.toSet());
    }

    @Override
    public void birth(ClusterIdentity given) throws IOException {
        if (diskIsFull) {
            throw new IOException("no space left");
        }
        births++;
        identity = Optional.of(given);
    }

    @Override
    public void join(ClusterIdentity given) throws IOException {
        birth(given);
    }

    @Override
    public CompletableFuture<Boolean> addMember(int shard, Member added) {
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletableFuture<Boolean> removeMember(int shard, NodeId removed) {
        return CompletableFuture.completedFuture(false);
    }

    @Override
    public CompletableFuture<Boolean> transferLeadership(int shard, NodeId to) {
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public List<ShardStatus> shards() {
        return List.of(new ShardStatus(
                0,
                new ShardStatus.Leadership(Optional.of(config.node().id()), 3, true),
                new ShardStatus.Progress(42, 41),
                new ShardStatus.Disk(1 << 20, 700, 55),
                List.of(new ShardMember(config.node().id(), "h:1", "h:2"))));
    }

    @Override
    public NodeCounts counts() {
        return new NodeCounts(7, 70, 9);
    }

    @Override
    public void close() {
        channels.close();
        server.shutdownNow();
    }

    private Server serve() {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress(NodeSettings.LOOPBACK, 0))
                    .addService(new AdminApi(config, this))
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
