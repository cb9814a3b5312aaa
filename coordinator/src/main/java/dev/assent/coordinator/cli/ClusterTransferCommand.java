package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.coordinator.admin.ClusterChange;
import dev.assent.protocol.coordinator.NodeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Hands leaderships to a node. */
@picocli.CommandLine.Command(
        name = "transfer",
        description = {
            "Hands the leadership of one shard, or of all, to a node.",
            "Transactions that are undecided at that moment abort and may be begun anew."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the node leads", "1:refused, or it did not become the leader", "3:a majority does not answer"
        },
        footerHeading = "%nExample:%n",
        footer = "  ./assent cluster transfer node-2 --shard 0 --nodes 10.0.0.1:7101")
final class ClusterTransferCommand extends Command {
    @Mixin
    private Targets targets = new Targets();

    @Parameters(paramLabel = "NODE", description = "Id of the node that is to lead.")
    private String node = "";

    @Option(names = "--shard", paramLabel = "N", description = "Only this shard, counted from 0. Without it: all.")
    private @Nullable Integer shard;

    @Override
    protected ExitCode run() {
        NodeId id = ClusterChanges.nodeId(node);
        Optional<Integer> only = Optional.ofNullable(shard);
        ClusterChange.Outcome outcome =
                ClusterChanges.make(targets.addresses(), progress(), cluster -> cluster.transfer(id, only));
        String what = only.map(number -> "shard " + number).orElse("every shard");
        print(
                ClusterChanges.json(outcome),
                "Node " + id + (outcome.isChanged() ? " leads " : " led already ") + what + ".");
        return ExitCode.OK;
    }
}
