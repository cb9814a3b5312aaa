package dev.assent.coordinator.admin;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the nodes of a cluster say at one moment: those that were named, and those that they name as members. Whoever does
 * not answer is part of it, with the reason. Immutable.
 *
 * @param nodes in the order in which they were asked
 */
public record ClusterSurvey(List<Asked> nodes) {
    /** A cluster has fewer; whoever names more is not believed. */
    private static final int MAX_ASKED = 64;

    public ClusterSurvey {
        nodes = List.copyOf(nodes);
    }

    /**
     * One node's answer.
     *
     * @param address where it was asked
     * @param view who it is; empty if it did not answer
     * @param status how it is; empty if it did not answer or is not born
     * @param trouble why it did not answer; else empty
     */
    public record Asked(String address, Optional<NodeView> view, Optional<NodeStatus> status, String trouble) {
        /** Its id, once it has answered. */
        public Optional<NodeId> id() {
            return view.map(NodeView::id);
        }
    }

    /** Asks them, one after another, and then those that they name. */
    public static ClusterSurvey of(Collection<String> addresses, Function<String, AdminClient> clients) {
        List<Asked> asked = new ArrayList<>();
        Set<String> known = new LinkedHashSet<>(addresses);
        Set<NodeId> answered = new TreeSet<>();
        Deque<String> waiting = new ArrayDeque<>(known);
        while (!waiting.isEmpty() && asked.size() < MAX_ASKED) {
            Asked one = ask(clients.apply(waiting.remove()));
            if (one.id().isPresent() && !answered.add(one.id().get())) {
                // Two addresses may lead to one node.
                continue;
            }
            asked.add(one);
            members(one)
                    .filter(member -> !answered.contains(member.id()))
                    .map(ShardMember::clientAddress)
                    .filter(address -> !address.isEmpty() && known.add(address))
                    .forEach(waiting::add);
        }
        return new ClusterSurvey(asked);
    }

    private static Stream<ShardMember> members(Asked asked) {
        return asked.status().stream()
                .flatMap(status -> status.shards().stream())
                .flatMap(shard -> shard.members().stream());
    }

    private static Asked ask(AdminClient node) {
        try {
            NodeView view = node.node();
            Optional<NodeStatus> status =
                    view.state() == BirthState.BORN ? Optional.of(node.status()) : Optional.empty();
            return new Asked(node.address(), Optional.of(view), status, "");
        } catch (StatusRuntimeException e) {
            return new Asked(node.address(), Optional.empty(), Optional.empty(), AdminErrors.text(e));
        } catch (IllegalArgumentException e) {
            return new Asked(
                    node.address(), Optional.empty(), Optional.empty(), "it makes no sense: " + e.getMessage());
        }
    }

    /** Nodes that are part of a cluster and answered. */
    public List<NodeStatus> born() {
        return nodes.stream().flatMap(node -> node.status().stream()).toList();
    }

    /** The lives of clusters that the nodes which answered belong to; more than one is a mistake. */
    public Set<ClusterId> clusters() {
        return born().stream()
                .map(status -> status.identity().id())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** How many shards the cluster has; 0 if no node of it answered. */
    public int shards() {
        return born().stream()
                .mapToInt(status -> status.identity().plan().shards())
                .max()
                .orElse(0);
    }

    /** The node that leads the shard and is ready, in the highest term that is claimed. */
    public Optional<NodeId> leader(int shard) {
        return born().stream()
                .filter(node -> shard(node, shard)
                        .filter(status -> status.leadership().isReady())
                        .isPresent())
                .max(Comparator.comparingLong(
                        node -> shard(node, shard).orElseThrow().leadership().term()))
                .map(NodeStatus::id);
    }

    /** Who replicates the shard: as its leader says, else as the replica that is foremost does. */
    public List<ShardMember> members(int shard) {
        Optional<NodeId> leader = leader(shard);
        return born().stream()
                .filter(node -> leader.isEmpty() || node.id().equals(leader.get()))
                .flatMap(node -> shard(node, shard).stream())
                .max(Comparator.comparingLong(
                                (ShardStatus status) -> status.leadership().term())
                        .thenComparingLong(status -> status.progress().commitIndex()))
                .map(ShardStatus::members)
                .orElse(List.of());
    }

    /** Ids of all who replicate some shard. */
    public Set<NodeId> members() {
        Set<NodeId> ids = new TreeSet<>();
        for (int shard = 0; shard < shards(); shard++) {
            members(shard).forEach(member -> ids.add(member.id()));
        }
        return ids;
    }

    /** Members of the shard that did not answer. */
    public List<NodeId> silentMembers(int shard) {
        Set<NodeId> answered = born().stream().map(NodeStatus::id).collect(Collectors.toSet());
        return members(shard).stream()
                .map(ShardMember::id)
                .filter(id -> !answered.contains(id))
                .toList();
    }

    /** Whether somebody knows the node to be a member or to have been one. */
    public boolean isKnown(NodeId id) {
        return nodes.stream()
                .flatMap(node -> node.view().stream())
                .anyMatch(view -> !view.id().equals(id) && view.knownMembers().contains(id));
    }

    /** How the node is, if it answered. */
    public Optional<NodeStatus> status(NodeId id) {
        return born().stream().filter(status -> status.id().equals(id)).findFirst();
    }

    /** Where the node was asked. */
    public Optional<String> address(NodeId id) {
        return nodes.stream()
                .filter(node -> node.id().filter(id::equals).isPresent())
                .map(Asked::address)
                .findFirst();
    }

    /**
     * How many more nodes may die before a shard stands still, at worst; negative if one does already. What counts is who
     * answered.
     */
    public int spareNodes() {
        int spare = Integer.MAX_VALUE;
        for (int shard = 0; shard < shards(); shard++) {
            int members = members(shard).size();
            int alive = members - silentMembers(shard).size();
            spare = Math.min(spare, alive - (members / 2 + 1));
        }
        return spare;
    }

    private static Optional<ShardStatus> shard(NodeStatus node, int shard) {
        return node.shards().stream().filter(status -> status.shard() == shard).findFirst();
    }
}
