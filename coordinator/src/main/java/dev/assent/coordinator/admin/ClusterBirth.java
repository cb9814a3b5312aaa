package dev.assent.coordinator.admin;

import dev.assent.coordinator.config.Member;
import dev.assent.protocol.ClusterId;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gives a cluster its life. All members pledge themselves to one incarnation; when all have, all complete. Stopped
 * anywhere, it can be run again and goes on: pledges that stand name the incarnation, and who has completed stays so.
 *
 * <p>It refuses rather than guess: a member that does not answer may be born elsewhere; one that is empty while another
 * is born was wiped and may have voted.
 */
public final class ClusterBirth {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final Function<Member, AdminClient> clients;
    private final Supplier<String> incarnations;

    /**
     * Births over connections that somebody else closes.
     *
     * @param clients the admin calls of a member
     */
    public ClusterBirth(Function<Member, AdminClient> clients) {
        this(clients, ClusterBirth::randomIncarnation);
    }

    ClusterBirth(Function<Member, AdminClient> clients, Supplier<String> incarnations) {
        this.clients = clients;
        this.incarnations = incarnations;
    }

    /**
     * What came of it.
     *
     * @param identity the cluster's life
     * @param existedBefore all members had been born into it already, and nothing was done
     */
    public record Birth(ClusterIdentity identity, boolean existedBefore) {}

    /**
     * Bears the cluster, or finds it born.
     *
     * @param plan what it is to be
     * @param progress hears a sentence before each step
     * @throws ClusterRefusedException if the members do not agree, are born otherwise, were wiped, or do not answer
     */
    public Birth bear(ClusterPlan plan, Consumer<String> progress) throws ClusterRefusedException {
        progress.accept("Asking " + plan.members().size() + " nodes who they are");
        Map<Member, NodeView> views = views(plan);
        Optional<ClusterIdentity> begun = commonIdentity(plan, views);
        refuseWiped(views);
        if (isBornEverywhere(views)) {
            return new Birth(begun.orElseThrow(), true);
        }
        ClusterIdentity identity = begun.orElseGet(() -> new ClusterIdentity(plan, incarnations.get()));
        for (Member member : plan.members()) {
            progress.accept("Pledge of " + member.id());
            tell(member, client -> client.pledge(identity));
        }
        for (Member member : plan.members()) {
            progress.accept("Birth of " + member.id());
            tell(member, client -> client.complete(identity));
        }
        return new Birth(identity, false);
    }

    private Map<Member, NodeView> views(ClusterPlan plan) throws ClusterRefusedException {
        Map<Member, NodeView> views = new LinkedHashMap<>();
        for (Member member : plan.members()) {
            NodeView view = ask(member);
            if (!view.id().equals(member.id())) {
                throw ClusterRefusedException.refused(
                        "The node at " + member.clientAddress() + " is '" + view.id() + "', not '" + member.id() + "'.",
                        "The list of members and the node's own configuration differ.",
                        "Correct the id or the address in the configuration files, restart the nodes whose file"
                                + " changed, and run the command again.");
            }
            if (view.state() == BirthState.EMPTY && !view.configured().equals(plan)) {
                throw ClusterRefusedException.refused(
                        "Node '" + member.id() + "' is configured for another cluster: " + Plans.difference(plan, view),
                        "All members must agree about the cluster's name, shards and members before its birth.",
                        "Make the cluster section of all configuration files the same, restart the nodes whose file"
                                + " changed, and run the command again.");
            }
            views.put(member, view);
        }
        return views;
    }

    private NodeView ask(Member member) throws ClusterRefusedException {
        try {
            return clients.apply(member).node();
        } catch (StatusRuntimeException e) {
            throw ClusterRefusedException.unreachable(
                    "Node '" + member.id() + "' at " + member.clientAddress() + " does not answer ("
                            + e.getStatus().getCode() + ").",
                    "A cluster is born with all of its members or not at all: a node that is away could belong to"
                            + " another cluster.",
                    "Start it (./assent server --config FILE), check host and client-port, and run the command"
                            + " again.");
        }
    }

    /** The life that was begun, if any; all who are born or pledged must mean the same one. */
    private static Optional<ClusterIdentity> commonIdentity(ClusterPlan plan, Map<Member, NodeView> views)
            throws ClusterRefusedException {
        Optional<ClusterIdentity> common = Optional.empty();
        for (NodeView view : views.values()) {
            if (view.identity().isEmpty()) {
                continue;
            }
            ClusterIdentity identity = view.identity().get();
            if (!identity.plan().name().equals(plan.name())) {
                throw alreadyElsewhere(view, "this is to be '" + plan.name() + "'");
            }
            // Members of a born cluster may have come and gone; those of a begun birth may not.
            if (view.state() == BirthState.PLEDGED && !identity.plan().equals(plan)) {
                throw alreadyElsewhere(view, "its shards or members are others than now");
            }
            if (common.isPresent() && !common.get().id().equals(identity.id())) {
                throw alreadyElsewhere(
                        view, "another member belongs to " + common.get().id());
            }
            common = Optional.of(identity);
        }
        return common;
    }

    private static ClusterRefusedException alreadyElsewhere(NodeView view, String contrast) {
        String standing = view.state() == BirthState.BORN ? "was born into" : "is pledged to";
        return ClusterRefusedException.refused(
                "Node '" + view.id() + "' " + standing + " "
                        + view.identity().orElseThrow().id() + "; " + contrast + ".",
                "A node belongs to one life of one cluster for ever.",
                view.state() == BirthState.BORN
                        ? "Use a node with a new id and an empty data directory in its place, or name its own cluster."
                        : "It has served nothing yet: stop it, empty its data directory, start it, and run the"
                                + " command again.");
    }

    private static void refuseWiped(Map<Member, NodeView> views) throws ClusterRefusedException {
        Optional<NodeView> born = views.values().stream()
                .filter(view -> view.state() == BirthState.BORN)
                .findFirst();
        if (born.isEmpty()) {
            return;
        }
        for (NodeView view : views.values()) {
            if (view.state() != BirthState.EMPTY) {
                continue;
            }
            if (born.get().knownMembers().contains(view.id())) {
                throw Plans.wiped(view.id(), born.get());
            }
            throw ClusterRefusedException.refused(
                    "Cluster " + born.get().identity().orElseThrow().id() + " is born already, and without '"
                            + view.id() + "'.",
                    "This command bears clusters; ./assent cluster add enlarges them.",
                    "Take '" + view.id() + "' out of the list of members.");
        }
    }

    private static boolean isBornEverywhere(Map<Member, NodeView> views) {
        Set<BirthState> states = EnumSet.noneOf(BirthState.class);
        views.values().forEach(view -> states.add(view.state()));
        return states.equals(EnumSet.of(BirthState.BORN));
    }

    private void tell(Member member, Consumer<AdminClient> step) throws ClusterRefusedException {
        try {
            step.accept(clients.apply(member));
        } catch (StatusRuntimeException e) {
            String text = e.getStatus().getDescription();
            throw ClusterRefusedException.unreachable(
                    "Node '" + member.id() + "' at " + member.clientAddress() + " did not do its step: "
                            + (text == null ? e.getStatus().getCode() : text) + ".",
                    "The birth is begun and not finished; nothing is lost by that.",
                    "See that the node runs and its disk can be written, and run the command again: it goes on where"
                            + " it stopped.");
        }
    }

    private static String randomIncarnation() {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        while (text.length() < ClusterId.INCARNATION_LENGTH) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
