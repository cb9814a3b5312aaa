package dev.assent.coordinator.cli;

import dev.assent.cli.Sizes;
import dev.assent.cli.Table;
import dev.assent.cli.Terminal;
import dev.assent.coordinator.admin.NodeStatus;
import dev.assent.coordinator.admin.NodeView;
import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.protocol.coordinator.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the nodes of a cluster said, put together. Not thread-safe. */
final class ClusterView {
    private record Node(String address, Optional<NodeView> view, Optional<NodeStatus> status, String trouble) {
        String id() {
            return view.map(node -> node.id().value()).orElse("-");
        }

        String state() {
            return view.map(node -> node.state().name()).orElse("NO ANSWER");
        }
    }

    /** One replica of one shard. */
    private record Replica(String node, ShardStatus status) {}

    private final List<Node> nodes = new ArrayList<>();
    private final TreeMap<Integer, List<Replica>> replicas = new TreeMap<>();

    void answered(String address, NodeView view, Optional<NodeStatus> status) {
        nodes.add(new Node(address, Optional.of(view), status, ""));
        status.ifPresent(born -> born.shards()
                .forEach(shard -> replicas.computeIfAbsent(shard.shard(), key -> new ArrayList<>())
                        .add(new Replica(view.id().value(), shard))));
    }

    void silent(String address, String trouble) {
        nodes.add(new Node(address, Optional.empty(), Optional.empty(), trouble));
    }

    boolean hasAnswer() {
        return nodes.stream().anyMatch(node -> node.view().isPresent());
    }

    /** Every shard of the cluster has a leader that serves. */
    boolean isServing() {
        long shards = nodes.stream()
                .flatMap(node -> node.status().stream())
                .mapToLong(status -> status.identity().plan().shards())
                .max()
                .orElse(0);
        return shards > 0
                && replicas.size() == shards
                && replicas.values().stream().allMatch(shard -> leader(shard).isPresent());
    }

    String text(Terminal terminal) {
        StringBuilder text = new StringBuilder();
        born().ifPresent(status -> text.append("Cluster ")
                .append(status.identity().id())
                .append(status.development() ? " (development)" : "")
                .append("\n\n"));
        Table table = new Table("NODE", "ADDRESS", "STATE", "VERSION");
        for (Node node : nodes) {
            String version = node.status().map(NodeStatus::software).orElse("-");
            table.row(node.id(), node.address(), node.state(), version);
        }
        text.append(table.text(terminal));
        if (replicas.isEmpty()) {
            return text.append("\n\nNot born yet: run ./assent cluster init.").toString();
        }
        Table shards = new Table("SHARD", "NODE", "ROLE", ">TERM", ">APPLIED", ">BEHIND", ">LOG");
        replicas.forEach((shard, all) -> all.forEach(replica -> shards.row(
                shard,
                replica.node(),
                role(replica),
                replica.status().leadership().term(),
                replica.status().progress().appliedIndex(),
                newest(all) - replica.status().progress().appliedIndex(),
                Sizes.rounded(replica.status().disk().logBytes()))));
        text.append("\n\n").append(shards.text(terminal));
        replicas.forEach((shard, all) -> {
            if (leader(all).isEmpty()) {
                text.append("\n").append(terminal.styled(Terminal.Style.BAD, "Shard " + shard + " has no leader."));
            }
        });
        return text.toString();
    }

    ObjectNode json(ObjectNode object) {
        born().ifPresent(
                        status -> object.put("cluster", status.identity().plan().name())
                                .put("incarnation", status.identity().incarnation())
                                .put("development", status.development()));
        object.put("serving", isServing());
        ArrayNode list = object.putArray("nodes");
        for (Node node : nodes) {
            ObjectNode entry = list.addObject().put("address", node.address());
            node.view().ifPresent(view -> entry.put("id", view.id().value()));
            entry.put("state", node.view().map(view -> view.state().name()).orElse("UNREACHABLE"));
            node.status().ifPresent(status -> entry.put("software", status.software()));
            if (!node.trouble().isEmpty()) {
                entry.put("trouble", node.trouble());
            }
        }
        ArrayNode shards = object.putArray("shards");
        replicas.forEach((shard, all) -> {
            ObjectNode entry = shards.addObject().put("shard", shard);
            entry.put("leader", leader(all).orElse(""));
            ArrayNode entries = entry.putArray("replicas");
            all.forEach(replica -> entries.addObject()
                    .put("node", replica.node())
                    .put("term", replica.status().leadership().term())
                    .put("appliedIndex", replica.status().progress().appliedIndex())
                    .put("behind", newest(all) - replica.status().progress().appliedIndex())
                    .put("logBytes", replica.status().disk().logBytes()));
        });
        return object;
    }

    private Optional<NodeStatus> born() {
        return nodes.stream().flatMap(node -> node.status().stream()).findFirst();
    }

    private static String role(Replica replica) {
        ShardStatus.Leadership leadership = replica.status().leadership();
        if (leadership.isReady()) {
            return "leader";
        }
        boolean isSelf = leadership
                .leader()
                .map(NodeId::value)
                .filter(replica.node()::equals)
                .isPresent();
        return isSelf ? "leader, not ready" : "follower";
    }

    private static Optional<String> leader(List<Replica> replicas) {
        return replicas.stream()
                .filter(replica -> replica.status().leadership().isReady())
                .max((left, right) -> Long.compare(
                        left.status().leadership().term(),
                        right.status().leadership().term()))
                .map(Replica::node);
    }

    private static long newest(List<Replica> replicas) {
        return replicas.stream()
                .mapToLong(replica -> replica.status().progress().appliedIndex())
                .max()
                .orElse(0);
    }
}
