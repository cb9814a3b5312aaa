package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Json;
import dev.assent.cli.Problem;
import dev.assent.cli.Progress;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.AdminErrors;
import dev.assent.coordinator.admin.ClusterBirth;
import dev.assent.coordinator.admin.ClusterPlan;
import dev.assent.coordinator.admin.ClusterRefusedException;
import dev.assent.coordinator.admin.NodeView;
import dev.assent.coordinator.config.NodeConfig;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bears a cluster. */
@picocli.CommandLine.Command(
        name = "init",
        description = {
            "Bears a cluster: gives all of its running, empty nodes the name, a new incarnation and the shards.",
            "Repeating it is safe: a birth that stopped half-way goes on, a born cluster stays as it is."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./assent cluster init --config node-1.yaml",
            "  ./assent cluster init --nodes 10.0.0.1:7101,10.0.0.2:7101,10.0.0.3:7101"
        })
final class ClusterInitCommand extends Command {
    /** Births write to disks and start Raft groups. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @Mixin
    private Targets targets = new Targets();

    @Override
    protected ExitCode run() {
        try (AdminChannels channels = new AdminChannels(DEADLINE);
                Progress progress = progress()) {
            Map<NodeId, String> addressOf = new HashMap<>();
            ClusterPlan plan = plan(channels, addressOf);
            ClusterBirth birth = new ClusterBirth(
                    member -> channels.admin(addressOf.getOrDefault(member.id(), member.clientAddress())));
            ClusterBirth.Birth born = birth.bear(plan, progress::step);
            progress.close();
            show(born);
            return ExitCode.OK;
        } catch (ClusterRefusedException e) {
            throw new CommandFailedException(
                    e.isUnreachable() ? ExitCode.UNREACHABLE : ExitCode.FAILED, e.problem(), e);
        }
    }

    private ClusterPlan plan(AdminChannels channels, Map<NodeId, String> addressOf) {
        List<NodeConfig> configs = targets.configs();
        if (configs.isEmpty()) {
            return planOfNodes(channels, addressOf);
        }
        ClusterPlan plan = ClusterPlan.of(configs.get(0).cluster());
        for (NodeConfig config : configs) {
            if (!ClusterPlan.of(config.cluster()).equals(plan)) {
                throw usage(
                        "The files of '" + configs.get(0).node().id() + "' and '"
                                + config.node().id() + "' describe different clusters.",
                        "Make their cluster sections the same.");
            }
        }
        return plan;
    }

    /** What the first node is configured for; the birth checks that the others agree. */
    private ClusterPlan planOfNodes(AdminChannels channels, Map<NodeId, String> addressOf) {
        ClusterPlan plan = null;
        for (String address : targets.addresses()) {
            try {
                NodeView node = channels.admin(address).node();
                addressOf.put(node.id(), address);
                plan = plan == null ? node.configured() : plan;
            } catch (StatusRuntimeException e) {
                throw new CommandFailedException(
                        ExitCode.UNREACHABLE,
                        new Problem(
                                "The node at " + address + " does not answer (" + AdminErrors.text(e) + ").",
                                "A cluster is born with all of its members or not at all.",
                                "Start it (./assent server --config FILE) and run the command again."),
                        e);
            }
        }
        if (plan == null) {
            throw usage("No node is named.", "Give --nodes or --config.");
        }
        return plan;
    }

    private void show(ClusterBirth.Birth born) {
        ClusterPlan plan = born.identity().plan();
        ObjectNode object = Json.object()
                .put("cluster", plan.name())
                .put("incarnation", born.identity().incarnation())
                .put("shards", plan.shards())
                .put("existedBefore", born.existedBefore());
        ArrayNode members = object.putArray("members");
        plan.members()
                .forEach(member ->
                        members.addObject().put("id", member.id().value()).put("address", member.clientAddress()));
        String shards = plan.shards() == 1 ? "1 shard" : plan.shards() + " shards";
        String what = born.existedBefore() ? " was born before; nothing was done" : " is born";
        print(
                object,
                "Cluster " + born.identity().id() + what + ": " + plan.members().size() + " nodes, " + shards + ".");
    }
}
