package dev.assent.coordinator.cli;

import dev.assent.cli.Json;
import dev.assent.cli.Sizes;
import dev.assent.cli.Table;
import dev.assent.cli.Terminal;
import dev.assent.coordinator.admin.ClusterSurvey;
import dev.assent.coordinator.admin.ClusterSurvey.Asked;
import dev.assent.coordinator.admin.NodeStatus;
import dev.assent.coordinator.admin.ShardMember;
import dev.assent.coordinator.admin.ShardStatus;
import dev.assent.protocol.coordinator.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the nodes of a cluster said, as text and as JSON. */
final class ClusterView {
    private final ClusterSurvey survey;
    private final int shards;

    ClusterView(ClusterSurvey survey) {
        this.survey = survey;
        this.shards = survey.shards();
    }

    /** One replica of one shard; without a status it did not answer. */
    private record Replica(String node, Optional<ShardStatus> status, boolean isMember) {}

    /** Every shard of the cluster has a leader that serves. */
    boolean isServing() {
        for (int shard = 0; shard < shards; shard++) {
            if (survey.leader(shard).isEmpty()) {
                return false;
            }
        }
        return shards > 0;
    }

    String text(Terminal terminal) {
        StringBuilder text = new StringBuilder();
        born().ifPresent(status -> text.append("Cluster ")
                .append(status.identity().id())
                .append(status.development() ? " (development)" : "")
                .append("\n\n"));
        text.append(nodeTable().text(terminal));
        if (shards == 0) {
            return text.append("\n\nNot born yet: run ./assent cluster init.").toString();
        }
        text.append("\n\n").append(shardTable().text(terminal));
        for (int shard = 0; shard < shards; shard++) {
            if (survey.leader(shard).isEmpty()) {
                text.append("\n").append(terminal.styled(Terminal.Style.BAD, "Shard " + shard + " has no leader."));
            }
        }
        return text.toString();
    }

    private Table nodeTable() {
        Table table = new Table("NODE", "ADDRESS", "STATE", "MEMBER", "VERSION", ">FORCED WRITES");
        for (Asked node : survey.nodes()) {
            table.row(
                    id(node),
                    node.address(),
                    state(node),
                    id(node).equals("-") ? "-" : isMember(id(node)) ? "yes" : "no",
                    node.status().map(NodeStatus::software).orElse("-"),
                    node.status()
                            .map(status -> Long.toString(status.counts().forcedWrites()))
                            .orElse("-"));
        }
        return table;
    }

    private Table shardTable() {
        Table table =
                new Table("SHARD", "NODE", "ROLE", ">TERM", ">COMMITTED", ">APPLIED", ">BEHIND", ">LOG", ">SNAPSHOT");
        for (int shard = 0; shard < shards; shard++) {
            for (Replica replica : replicas(shard)) {
                Optional<ShardStatus> status = replica.status();
                table.row(
                        shard,
                        replica.node(),
                        role(replica),
                        shown(status.map(seen -> seen.leadership().term())),
                        shown(status.map(seen -> seen.progress().commitIndex())),
                        shown(status.map(seen -> seen.progress().appliedIndex())),
                        shown(behind(shard, status)),
                        status.map(seen -> Sizes.rounded(seen.disk().logBytes()))
                                .orElse("-"),
                        status.map(seen -> Sizes.rounded(seen.disk().snapshotBytes()))
                                .orElse("-"));
            }
        }
        return table;
    }

    private static String shown(Optional<Long> number) {
        return number.map(String::valueOf).orElse("-");
    }

    ObjectNode json() {
        ObjectNode object = Json.object();
        born().ifPresent(
                        status -> object.put("cluster", status.identity().plan().name())
                                .put("incarnation", status.identity().incarnation())
                                .put("development", status.development()));
        object.put("serving", isServing());
        if (shards > 0) {
            object.put("spareNodes", survey.spareNodes());
        }
        ArrayNode list = object.putArray("nodes");
        survey.nodes().forEach(node -> putNode(list.addObject(), node));
        ArrayNode all = object.putArray("shards");
        for (int shard = 0; shard < shards; shard++) {
            ObjectNode entry = all.addObject().put("shard", shard);
            entry.put("leader", survey.leader(shard).map(NodeId::value).orElse(""));
            ArrayNode entries = entry.putArray("replicas");
            for (Replica replica : replicas(shard)) {
                putReplica(entries.addObject(), shard, replica);
            }
        }
        return object;
    }

    private void putNode(ObjectNode entry, Asked node) {
        entry.put("address", node.address());
        if (!id(node).equals("-")) {
            entry.put("id", id(node)).put("member", isMember(id(node)));
        }
        entry.put("state", node.view().map(view -> view.state().name()).orElse("UNREACHABLE"));
        node.status()
                .ifPresent(status -> entry.put("software", status.software())
                        .put("forcedWrites", status.counts().forcedWrites()));
        if (!node.trouble().isEmpty()) {
            entry.put("trouble", node.trouble());
        }
    }

    private void putReplica(ObjectNode entry, int shard, Replica replica) {
        entry.put("node", replica.node())
                .put("member", replica.isMember())
                .put("answers", replica.status().isPresent());
        replica.status()
                .ifPresent(status -> entry.put("term", status.leadership().term())
                        .put("commitIndex", status.progress().commitIndex())
                        .put("appliedIndex", status.progress().appliedIndex())
                        .put("behind", behind(shard, replica.status()).orElse(0L))
                        .put("logBytes", status.disk().logBytes())
                        .put("snapshotBytes", status.disk().snapshotBytes())
                        .put("forcedWrites", status.disk().forcedWrites()));
    }

    private Optional<NodeStatus> born() {
        return survey.born().stream().findFirst();
    }

    /** Also of a node that is silent, if another one names its address. */
    private String id(Asked node) {
        return node.id()
                .map(NodeId::value)
                .or(() -> members()
                        .filter(member -> member.clientAddress().equals(node.address()))
                        .map(member -> member.id().value())
                        .findFirst())
                .orElse("-");
    }

    private Stream<ShardMember> members() {
        return IntStream.range(0, shards).boxed().flatMap(shard -> survey.members(shard).stream());
    }

    private boolean isMember(String id) {
        return survey.members().stream().anyMatch(member -> member.value().equals(id));
    }

    private static String state(Asked node) {
        return node.view().map(view -> view.state().name()).orElse("NO ANSWER");
    }

    /** Members first, then nodes that answer for the shard without being one. */
    private List<Replica> replicas(int shard) {
        List<Replica> replicas = new ArrayList<>();
        List<NodeId> ids = survey.members(shard).stream().map(ShardMember::id).toList();
        ids.forEach(id -> replicas.add(new Replica(id.value(), status(id, shard), true)));
        survey.born().stream()
                .map(NodeStatus::id)
                .filter(id -> !ids.contains(id))
                .forEach(id -> replicas.add(new Replica(id.value(), status(id, shard), false)));
        return replicas;
    }

    private Optional<ShardStatus> status(NodeId id, int shard) {
        return survey.status(id).stream()
                .flatMap(node -> node.shards().stream())
                .filter(status -> status.shard() == shard)
                .findFirst();
    }

    private static String role(Replica replica) {
        if (replica.status().isEmpty()) {
            return "no answer";
        }
        ShardStatus.Leadership leadership = replica.status().get().leadership();
        if (leadership.isReady()) {
            return "leader";
        }
        boolean isSelf = leadership
                .leader()
                .map(NodeId::value)
                .filter(replica.node()::equals)
                .isPresent();
        return isSelf ? "leader, not ready" : replica.isMember() ? "follower" : "no member";
    }

    /** How many entries the replica has to apply until it is where the foremost one is. */
    private Optional<Long> behind(int shard, Optional<ShardStatus> status) {
        long newest = survey.born().stream()
                .flatMap(node -> status(node.id(), shard).stream())
                .mapToLong(seen -> seen.progress().appliedIndex())
                .max()
                .orElse(0);
        return status.map(seen -> newest - seen.progress().appliedIndex());
    }
}
