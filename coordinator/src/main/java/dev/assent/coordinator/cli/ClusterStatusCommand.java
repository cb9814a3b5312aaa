package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.ClusterSurvey;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** Shows nodes and shards. */
@picocli.CommandLine.Command(
        name = "status",
        description = {
            "Nodes, leaders of the shards, how far behind the replicas are, and what they take on disk.",
            "Members that the nodes name are asked too; one that answers is enough."
        },
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
        ClusterSurvey survey;
        try (AdminChannels channels = new AdminChannels(DEADLINE)) {
            survey = ClusterSurvey.of(addresses, channels::admin);
        }
        if (survey.nodes().stream().allMatch(node -> node.view().isEmpty())) {
            throw Unreachable.all(addresses);
        }
        ClusterView view = new ClusterView(survey);
        print(view.json(), view.text(terminal()));
        return view.isServing() ? ExitCode.OK : ExitCode.FAILED;
    }
}
