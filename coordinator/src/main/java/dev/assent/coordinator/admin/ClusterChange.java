package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.protocol.coordinator.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Changes who the members of a cluster are and who leads its shards, shard by shard, each by the shard's own consensus.
 * Stopped anywhere, it can be run again: what is done is found done.
 *
 * <p>Not thread-safe. It asks, waits and asks again; a call may take a minute for each shard.
 */
public final class ClusterChange {
    private final List<String> addresses;
    private final Function<String, AdminClient> clients;
    private final Consumer<String> progress;
    private final ShardSteps steps;

    /**
     * @param addresses of nodes of the cluster; one that answers is enough
     * @param clients the admin calls of the node at an address; with deadlines of at least 40 s
     * @param progress hears a sentence after each step
     */
    public ClusterChange(
            Collection<String> addresses, Function<String, AdminClient> clients, Consumer<String> progress) {
        this.addresses = List.copyOf(addresses);
        this.clients = clients;
        this.progress = progress;
        this.steps = new ShardSteps(this::survey, clients);
    }

    /**
     * What became of it.
     *
     * @param changes of each shard, in their order
     * @param after the cluster as it is now
     */
    public record Outcome(List<ShardChange> changes, ClusterSurvey after) {
        public Outcome {
            changes = List.copyOf(changes);
        }

        /** Whether anything had to be done. */
        public boolean isChanged() {
            return changes.stream().anyMatch(ShardChange::isChanged);
        }
    }

    /**
     * What was done in one shard.
     *
     * @param isChanged false: it was so already
     */
    public record ShardChange(int shard, boolean isChanged) {}

    /**
     * Makes the node at an address, which runs and is empty, a member of every shard.
     *
     * @throws ClusterRefusedException if it may not join, or a shard cannot take it
     */
    public Outcome add(String address) throws ClusterRefusedException {
        NodeView joining = joining(address);
        ClusterSurvey before = bornCluster();
        Joining checks = new Joining(before, joining, address);
        Member member = checks.member();
        for (int shard = 0; shard < before.shards(); shard++) {
            steps.requireLeader(shard);
        }
        if (joining.state() == BirthState.EMPTY) {
            checks.join(clients.apply(address));
            progress.accept("Node " + member.id() + " has joined cluster "
                    + checks.identity().id());
        }
        return each(before.shards(), shard -> {
            boolean isChanged = steps.add(shard, member);
            say(shard, member.id(), isChanged ? "is a member now" : "was a member already");
            return isChanged;
        });
    }

    /**
     * Ends a node's membership of every shard, whether it lives or not. If it leads, it hands over first.
     *
     * @throws ClusterRefusedException if the node is none of the cluster's, or those that remain could not go on
     */
    public Outcome remove(NodeId id) throws ClusterRefusedException {
        ClusterSurvey before = bornCluster();
        Leaving checks = new Leaving(before, id);
        if (checks.isGone()) {
            List<ShardChange> nothing = new ArrayList<>();
            for (int shard = 0; shard < before.shards(); shard++) {
                nothing.add(new ShardChange(shard, false));
            }
            return new Outcome(nothing, before);
        }
        for (int shard = 0; shard < before.shards(); shard++) {
            steps.requireLeader(shard);
        }
        checks.refuseWithoutMajority();
        for (int shard = 0; shard < before.shards(); shard++) {
            handOver(shard, id);
        }
        return each(before.shards(), shard -> {
            handOver(shard, id);
            boolean isChanged = steps.remove(shard, id);
            say(shard, id, isChanged ? "is no member any more" : "was no member any more");
            return isChanged;
        });
    }

    /**
     * Has a node lead a shard, or all of them.
     *
     * @param only the one shard; empty for all
     * @throws ClusterRefusedException if the node cannot lead
     */
    public Outcome transfer(NodeId to, Optional<Integer> only) throws ClusterRefusedException {
        ClusterSurvey before = bornCluster();
        if (only.isPresent() && (only.get() < 0 || only.get() >= before.shards())) {
            throw ClusterRefusedException.refused(
                    "There is no shard " + only.get() + ".",
                    "The cluster has " + before.shards() + ", counted from 0.",
                    "Look at ./assent cluster status.");
        }
        if (before.status(to).isEmpty() || !before.members().contains(to)) {
            throw ClusterRefusedException.refused(
                    "Node '" + to + "' cannot lead: "
                            + (before.members().contains(to) ? "it does not answer." : "it is no member."),
                    "",
                    "Members are " + before.members() + "; ./assent cluster status shows how they are.");
        }
        List<ShardChange> changes = new ArrayList<>();
        for (int shard = 0; shard < before.shards(); shard++) {
            if (only.isEmpty() || only.get() == shard) {
                boolean isChanged = steps.transfer(shard, to);
                say(shard, to, isChanged ? "leads now" : "led already");
                changes.add(new ShardChange(shard, isChanged));
            }
        }
        return new Outcome(changes, survey());
    }

    private void handOver(int shard, NodeId from) throws ClusterRefusedException {
        ClusterSurvey now = survey();
        if (now.leader(shard).filter(from::equals).isEmpty()) {
            return;
        }
        NodeId heir = now.members(shard).stream()
                .map(ShardMember::id)
                .filter(id -> !id.equals(from) && now.status(id).isPresent())
                .min(Comparator.comparingLong((NodeId id) -> led(now, id)).thenComparing(Comparator.naturalOrder()))
                .orElseThrow(() -> ClusterRefusedException.refused(
                        "Nobody can take shard " + shard + " over from '" + from + "'.",
                        "No other member of the shard answers.",
                        "Start one of them, or add a node first."));
        steps.transfer(shard, heir);
        say(shard, heir, "leads instead of " + from);
    }

    private static long led(ClusterSurvey now, NodeId id) {
        return now.status(id).stream()
                .flatMap(status -> status.shards().stream())
                .filter(shard -> shard.leadership().isReady())
                .count();
    }

    private interface ShardStep {
        boolean run(int shard) throws ClusterRefusedException;
    }

    private Outcome each(int shards, ShardStep step) throws ClusterRefusedException {
        List<ShardChange> changes = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            changes.add(new ShardChange(shard, step.run(shard)));
        }
        return new Outcome(changes, survey());
    }

    private void say(int shard, NodeId node, String what) {
        progress.accept("Shard " + shard + ": " + node + " " + what);
    }

    private NodeView joining(String address) throws ClusterRefusedException {
        ClusterSurvey.Asked asked =
                ClusterSurvey.of(List.of(address), clients).nodes().get(0);
        return asked.view()
                .orElseThrow(() -> ClusterRefusedException.unreachable(
                        "The node at " + address + " does not answer (" + asked.trouble() + ").",
                        "A node joins while it runs.",
                        "Start it with an empty data directory (./assent server --config FILE), and run the command"
                                + " again."));
    }

    private ClusterSurvey survey() {
        return ClusterSurvey.of(addresses, clients);
    }

    private ClusterSurvey bornCluster() throws ClusterRefusedException {
        ClusterSurvey survey = survey();
        if (survey.nodes().stream().allMatch(node -> node.view().isEmpty())) {
            throw ClusterRefusedException.unreachable(
                    "No node of the cluster answers at " + String.join(", ", addresses) + ".",
                    "They do not run, or listen elsewhere, or the network is in between.",
                    "Start them, or name the client addresses of others with --nodes.");
        }
        if (survey.born().isEmpty()) {
            throw ClusterRefusedException.refused(
                    "The cluster is not born yet.",
                    "Only a cluster that lives has members.",
                    "Bear it with ./assent cluster init.");
        }
        if (survey.clusters().size() > 1) {
            throw ClusterRefusedException.refused(
                    "The nodes belong to different clusters: " + survey.clusters() + ".",
                    "",
                    "Name nodes of one cluster with --nodes.");
        }
        return survey;
    }
}
