package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Json;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.AdminClient;
import dev.assent.coordinator.admin.NodeStatus;
import dev.assent.coordinator.admin.NodeView;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** Shows nodes and shards. */
@picocli.CommandLine.Command(
        name = "status",
        description = "Nodes, leaders of the shards, and how far behind the replicas are.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every shard has a leader that serves",
            "1:a shard has none, or the cluster is not born",
            "3:no node answers"
        },
        footerHeading = "%nExample:%n",
        footer = "  ./assent cluster status --config node-1.yaml --json")
final class ClusterStatusCommand extends Command {
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    @Mixin
    private Targets targets = new Targets();

    @Override
    protected ExitCode run() {
        Set<String> addresses = targets.addresses();
        ClusterView view = new ClusterView();
        try (AdminChannels channels = new AdminChannels(DEADLINE)) {
            for (String address : addresses) {
                ask(channels.admin(address), view);
            }
        }
        if (!view.hasAnswer()) {
            throw Unreachable.all(addresses);
        }
        print(view.json(Json.object()), view.text(terminal()));
        return view.isServing() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void ask(AdminClient node, ClusterView view) {
        try {
            NodeView identity = node.node();
            Optional<NodeStatus> status = identity.state() == dev.assent.coordinator.admin.BirthState.BORN
                    ? Optional.of(node.status())
                    : Optional.empty();
            view.answered(node.address(), identity, status);
        } catch (StatusRuntimeException e) {
            view.silent(node.address(), Refusals.text(e));
        }
    }
}
