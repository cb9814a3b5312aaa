package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.coordinator.admin.ClusterChange;
import dev.assent.protocol.coordinator.NodeId;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a node's membership. */
@picocli.CommandLine.Command(
        name = "remove",
        description = {
            "Ends the membership of a node, dead or alive, while the cluster serves. If it leads, it hands over first;"
                    + " if it runs, it stops by itself.",
            "Its id is spent for ever. Repeating the command is safe: it goes on where it stopped."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the node is a member of no shard",
            "1:refused, or not ended; the message says what to do",
            "3:a majority of the members does not answer"
        },
        footerHeading = "%nExample:%n",
        footer = "  ./assent cluster remove node-1 --nodes 10.0.0.2:7101,10.0.0.3:7101")
final class ClusterRemoveCommand extends Command {
    @Mixin
    private Targets targets = new Targets();

    @Parameters(paramLabel = "NODE", description = "Id of the node, as ./assent cluster status shows it.")
    private String node = "";

    @Override
    protected ExitCode run() {
        NodeId id = ClusterChanges.nodeId(node);
        ClusterChange.Outcome outcome =
                ClusterChanges.make(targets.addresses(), progress(), cluster -> cluster.remove(id));
        print(
                ClusterChanges.json(outcome),
                "Node " + id
                        + (outcome.isChanged() ? " is no member any more." : " was removed before; nothing was done.")
                        + "\n" + ClusterChanges.standing(outcome));
        return ExitCode.OK;
    }
}
