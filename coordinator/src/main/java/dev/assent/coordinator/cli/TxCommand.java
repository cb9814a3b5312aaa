package dev.assent.coordinator.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Groups what looks at transactions. */
@Command(
        name = "tx",
        description = "Look at transactions.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TxListCommand.class, TxShowCommand.class},
        footerHeading = "%nExample:%n",
        footer = "  ./assent tx list")
final class TxCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}
