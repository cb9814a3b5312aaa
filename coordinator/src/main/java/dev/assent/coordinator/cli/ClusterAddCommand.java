package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.coordinator.admin.ClusterChange;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a node join a cluster that lives. */
@picocli.CommandLine.Command(
        name = "add",
        description = {
            "Makes a running, empty node a member of every shard, while the cluster serves.",
            "Its id must never have been used. Repeating the command is safe: it goes on where it stopped."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the node is a member of every shard",
            "1:refused, or not ended; the message says what to do",
            "3:the new node, or a majority of the members, does not answer"
        },
        footerHeading = "%nExample:%n",
        footer = "  ./assent cluster add 10.0.0.4:7101 --nodes 10.0.0.1:7101,10.0.0.2:7101")
final class ClusterAddCommand extends Command {
    @Mixin
    private Targets targets = new Targets();

    @Parameters(paramLabel = "HOST:PORT", description = "Client address of the node that joins.")
    private String joining = "";

    @Override
    protected ExitCode run() {
        Targets.check(joining);
        Set<String> addresses = new LinkedHashSet<>(targets.addresses());
        addresses.remove(joining);
        if (addresses.isEmpty()) {
            throw usage("No node of the cluster is named.", "Name at least one that is a member with --nodes.");
        }
        ClusterChange.Outcome outcome = ClusterChanges.make(addresses, progress(), cluster -> cluster.add(joining));
        print(
                ClusterChanges.json(outcome),
                "The node at " + joining
                        + (outcome.isChanged()
                                ? " is a member of every shard."
                                : " was a member already; nothing was done.")
                        + "\n" + ClusterChanges.standing(outcome));
        return ExitCode.OK;
    }
}
