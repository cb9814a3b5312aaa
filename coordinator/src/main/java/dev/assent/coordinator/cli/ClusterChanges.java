package dev.assent.coordinator.cli;

import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Json;
import dev.assent.cli.Problem;
import dev.assent.cli.Progress;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.ClusterChange;
import dev.assent.coordinator.admin.ClusterRefusedException;
import dev.assent.protocol.coordinator.NodeId;
import java.time.Duration;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the commands share that change a cluster's members or leaders. */
final class ClusterChanges {
    /** A node that joins may have a long log to catch up with, and the leader waits 30 s for it. */
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private ClusterChanges() {}

    interface Change {
        ClusterChange.Outcome make(ClusterChange cluster) throws ClusterRefusedException;
    }

    /** Makes it; its steps are shown as they are done. */
    static ClusterChange.Outcome make(Collection<String> addresses, Progress progress, Change change) {
        try (AdminChannels channels = new AdminChannels(DEADLINE);
                progress) {
            return change.make(new ClusterChange(addresses, channels::admin, progress::step));
        } catch (ClusterRefusedException e) {
            throw new CommandFailedException(
                    e.isUnreachable() ? ExitCode.UNREACHABLE : ExitCode.FAILED, e.problem(), e);
        }
    }

    /** Reads a node's id from the command line. */
    static NodeId nodeId(String text) {
        try {
            return new NodeId(text);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(
                    ExitCode.USAGE,
                    new Problem(
                            "'" + text + "' is not the id of a node.",
                            "",
                            "Give an id that ./assent cluster status shows, as in node-1."),
                    e);
        }
    }

    static ObjectNode json(ClusterChange.Outcome outcome) {
        ObjectNode object = Json.object().put("changed", outcome.isChanged());
        ArrayNode shards = object.putArray("shards");
        outcome.changes()
                .forEach(change ->
                        shards.addObject().put("shard", change.shard()).put("changed", change.isChanged()));
        ArrayNode members = object.putArray("members");
        outcome.after().members().forEach(id -> members.add(id.value()));
        return object.put("spareNodes", outcome.after().spareNodes());
    }

    /** Who is a member now, and what the cluster can stand. */
    static String standing(ClusterChange.Outcome outcome) {
        int spare = outcome.after().spareNodes();
        String members = "Members: " + outcome.after().members() + ".";
        if (spare > 0) {
            return members;
        }
        return members + "\nThe cluster stands still if one more of them stops: "
                + (outcome.after().members().size() < 3
                        ? "add a node (./assent cluster add HOST:PORT)."
                        : "start or replace those that do not answer (./assent cluster status).");
    }
}
