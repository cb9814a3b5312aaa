package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.CommandFailedException;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Problem;
import dev.assent.cli.Table;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.AdminErrors;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.GetTransactionRequest;
import dev.assent.proto.v1.TransactionView;
import dev.assent.protocol.Xid;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one transaction as the leader of its shard sees it. */
@picocli.CommandLine.Command(
        name = "show",
        description = "One transaction: its state, its branches, and why it aborted.",
        footerHeading = "%nExample:%n",
        footer = "  ./assent tx show shop-x7k2m9q1.0.3.1042")
final class TxShowCommand extends Command {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @Mixin
    private Targets targets = new Targets();

    @Parameters(paramLabel = "XID", description = "The transaction, as logs and exceptions name it.")
    private String xid = "";

    @Override
    protected ExitCode run() {
        try {
            Xid.parse(xid);
        } catch (IllegalArgumentException e) {
            throw usage("This is no transaction: " + e.getMessage() + ".", "Copy it whole from a log or an exception.");
        }
        TransactionView view = ask(targets.addresses());
        StringBuilder text = new StringBuilder();
        text.append(view.getXid())
                .append("  ")
                .append(view.getState())
                .append("  ")
                .append(TransactionTexts.when(view));
        String cause = TransactionTexts.cause(view);
        if (!cause.isEmpty()) {
            text.append("\nCause: ").append(cause);
        }
        if (view.getBranchesCount() > 0) {
            Table table = new Table("BRANCH", "STATE");
            view.getBranchesList().forEach(branch -> table.row(branch.getBranch(), branch.getState()));
            text.append("\n\n").append(table.text(terminal()));
        }
        print(TransactionTexts.json(view), text.toString());
        return ExitCode.OK;
    }

    private TransactionView ask(Set<String> addresses) {
        @Nullable StatusRuntimeException notLeader = null;
        try (AdminChannels channels = new AdminChannels(DEADLINE)) {
            for (String address : addresses) {
                try {
                    return CoordinatorServiceGrpc.newBlockingStub(channels.channel(address))
                            .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                            .getTransaction(GetTransactionRequest.newBuilder()
                                    .setXid(xid)
                                    .build())
                            .getTransaction();
                } catch (StatusRuntimeException e) {
                    if (AdminErrors.reason(e).equals("NOT_LEADER")) {
                        notLeader = e;
                    } else if (!AdminErrors.isUnreachable(e)) {
                        throw refused(e);
                    }
                }
            }
        }
        if (notLeader == null) {
            throw Unreachable.all(addresses);
        }
        throw new CommandFailedException(
                ExitCode.UNREACHABLE,
                new Problem(
                        "None of the nodes leads the transaction's shard now.",
                        "Only its leader may answer, and the node that leads it was not asked or did not answer.",
                        "Look at ./assent cluster status, name all nodes with --nodes, and ask again."),
                notLeader);
    }

    private static CommandFailedException refused(StatusRuntimeException e) {
        String remedy = switch (AdminErrors.reason(e)) {
            case "FOREIGN" ->
                "It belongs to another cluster, or to an earlier life of this one: name its nodes with --nodes.";
            case "WRONG_SHARD", "INVALID" -> "Copy the transaction's identifier whole from a log or an exception.";
            default -> "Look at ./assent cluster status and at the node's log.";
        };
        return new CommandFailedException(
                ExitCode.FAILED, new Problem("The node refused: " + AdminErrors.text(e) + ".", "", remedy), e);
    }
}
