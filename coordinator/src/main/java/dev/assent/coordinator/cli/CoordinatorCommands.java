package dev.assent.coordinator.cli;

import dev.assent.cli.CommandRunner;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands that this module serves; the launcher starts them here. */
@Command(
        name = "./assent",
        description = "A coordinator for transactions that span services.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServerCommand.class, DevCommand.class, TxCommand.class, ClusterCommand.class},
        footerHeading = "%nExample:%n",
        footer = "  ./assent cluster status")
public final class CoordinatorCommands {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    private CoordinatorCommands() {}

    /** Runs the command that the arguments name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        // Libraries that log elsewhere would print stack traces on the error stream by themselves.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        CommandRunner.main(create(), arguments);
    }

    static Object create() {
        return new CoordinatorCommands();
    }
}
