package dev.assent.it;

import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.ClusterBirth;
import dev.assent.coordinator.admin.ClusterPlan;
import dev.assent.coordinator.admin.ClusterRefusedException;
import dev.assent.coordinator.config.Member;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.ListTransactionsRequest;
import dev.assent.proto.v1.ListTransactionsResponse;
import dev.assent.testkit.Await;
import dev.assent.testkit.Ports;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Three coordinator nodes in processes of their own that can be held at a step. Not thread-safe. */
final class NodeProcesses implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int shards;
    private final List<Member> members;
    private final List<ArmedProcess> nodes = new ArrayList<>();
    private final AdminChannels channels = new AdminChannels(Duration.ofSeconds(5));

    /** Starts them, bears the cluster, and waits until every shard has a leader. */
    NodeProcesses(Path directory, int shards) {
        this.shards = shards;
        String ports = Ports.free(6).stream().map(String::valueOf).collect(Collectors.joining(","));
        members = NodeProcess.members(ports);
        for (int node = 0; node < members.size(); node++) {
            nodes.add(new ArmedProcess(
                    "node-" + node,
                    directory,
                    NodeProcess.class,
                    List.of(Integer.toString(node), Integer.toString(shards), directory.toString(), ports),
                    "CONTROL "));
        }
        try (AdminChannels patient = new AdminChannels(Duration.ofSeconds(30))) {
            members.forEach(member -> Await.that(member.id() + " answers", PATIENCE, () -> isUp(patient, member)));
            new ClusterBirth(patient::admin).bear(new ClusterPlan("test", shards, members), step -> {});
        } catch (ClusterRefusedException e) {
            throw new IllegalStateException("the cluster was not born: " + e.getMessage(), e);
        }
        awaitLeaders();
    }

    private static boolean isUp(AdminChannels channels, Member member) {
        try {
            channels.admin(member).node();
            return true;
        } catch (StatusRuntimeException notYet) {
            return false;
        }
    }

    List<ArmedProcess> all() {
        return nodes;
    }

    String addresses() {
        return members.stream().map(Member::clientAddress).collect(Collectors.joining(","));
    }

    /** Waits until every shard has a leader that is ready. */
    void awaitLeaders() {
        for (int shard = 0; shard < shards; shard++) {
            leader(shard);
        }
    }

    /** Waits for a leader of the shard that is ready and awake. */
    ArmedProcess leader(int shard) {
        return Await.value("a leader of shard " + shard, PATIENCE, () -> leaderNow(shard));
    }

    Optional<ArmedProcess> leaderNow(int shard) {
        return nodes.stream()
                .filter(node -> node.isAwake() && leads(node, shard))
                .findFirst();
    }

    /** A node that does not lead the shard and is awake. */
    ArmedProcess follower(int shard) {
        ArmedProcess leader = leader(shard);
        return nodes.stream()
                .filter(node -> node != leader && node.isAwake())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no follower of shard " + shard + " runs"));
    }

    private boolean leads(ArmedProcess node, int shard) {
        try {
            return channels.admin(members.get(nodes.indexOf(node))).status().shards().stream()
                    .anyMatch(s -> s.shard() == shard && s.leadership().isReady());
        } catch (StatusRuntimeException unreachable) {
            return false;
        }
    }

    /** What each node that answers says of its shards, for messages. */
    List<String> statuses() {
        return nodes.stream()
                .filter(ArmedProcess::isAwake)
                .map(node -> node + ": " + status(node))
                .toList();
    }

    private String status(ArmedProcess node) {
        try {
            return channels.admin(members.get(nodes.indexOf(node)))
                    .status()
                    .shards()
                    .toString();
        } catch (StatusRuntimeException unreachable) {
            return unreachable.getStatus().toString();
        }
    }

    /** Transactions that are open or not ended, over all shards; one if that cannot be found out now. */
    long openTransactions() {
        long open = 0;
        for (int shard = 0; shard < shards; shard++) {
            Optional<ArmedProcess> leader = leaderNow(shard);
            if (leader.isEmpty()) {
                return 1;
            }
            try {
                open += openAt(members.get(nodes.indexOf(leader.get())));
            } catch (StatusRuntimeException unreachable) {
                return 1;
            }
        }
        return open;
    }

    private long openAt(Member member) {
        ListTransactionsResponse list = CoordinatorServiceGrpc.newBlockingStub(channels.channel(member.clientAddress()))
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .listTransactions(ListTransactionsRequest.getDefaultInstance());
        return list.getTransactionsCount() + list.getLeftOff();
    }

    @Override
    public void close() {
        nodes.forEach(ArmedProcess::close);
        channels.close();
    }
}
