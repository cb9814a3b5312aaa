package dev.assent.coordinator.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Groups what concerns a cluster as a whole. */
@Command(
        name = "cluster",
        description = "Bear a cluster; look at its nodes and shards; replace nodes and move leaders.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ClusterInitCommand.class,
            ClusterStatusCommand.class,
            ClusterAddCommand.class,
            ClusterRemoveCommand.class,
            ClusterTransferCommand.class
        },
        footerHeading = "%nExample:%n",
        footer = "  ./assent cluster status")
final class ClusterCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}
