package dev.assent.coordinator.cli;

import dev.assent.cli.Command;
import dev.assent.cli.ExitCode;
import dev.assent.cli.Json;
import dev.assent.cli.Table;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.coordinator.admin.AdminErrors;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.ListTransactionsRequest;
import dev.assent.proto.v1.ListTransactionsResponse;
import dev.assent.proto.v1.TransactionView;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists what is open or decided and not ended, over all shards that have a leader. */
@picocli.CommandLine.Command(
        name = "list",
        description = "Transactions that are open, or decided and not ended.",
        footerHeading = "%nExample:%n",
        footer = "  ./assent tx list --nodes 127.0.0.1:7101,127.0.0.1:7102,127.0.0.1:7103 --limit 20")
final class TxListCommand extends Command {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @Mixin
    private Targets targets = new Targets();

    @Option(names = "--limit", defaultValue = "100", description = "At most this many of each node, 1 to 1000 (100).")
    private int limit;

    /** Rows and what is missing from them. */
    private record Listing(Map<String, TransactionView> transactions, Set<Integer> shards, long leftOff) {}

    @Override
    protected ExitCode run() {
        if (limit < 1 || limit > 1_000) {
            throw usage("--limit is " + limit + ".", "Give a number from 1 to 1000.");
        }
        Set<String> addresses = targets.addresses();
        List<ListTransactionsResponse> answers = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        try (AdminChannels channels = new AdminChannels(DEADLINE)) {
            for (String address : addresses) {
                try {
                    answers.add(CoordinatorServiceGrpc.newBlockingStub(channels.channel(address))
                            .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                            .listTransactions(ListTransactionsRequest.newBuilder()
                                    .setLimit(limit)
                                    .build()));
                } catch (StatusRuntimeException e) {
                    silent.add(address + " (" + AdminErrors.text(e) + ")");
                }
            }
        }
        if (answers.isEmpty()) {
            throw Unreachable.all(addresses);
        }
        show(merge(answers), silent);
        return ExitCode.OK;
    }

    private static Listing merge(List<ListTransactionsResponse> answers) {
        Map<String, TransactionView> transactions = new LinkedHashMap<>();
        Set<Integer> shards = new TreeSet<>();
        long leftOff = 0;
        for (ListTransactionsResponse answer : answers) {
            answer.getTransactionsList().forEach(view -> transactions.putIfAbsent(view.getXid(), view));
            shards.addAll(answer.getShardsList());
            leftOff += answer.getLeftOff();
        }
        return new Listing(transactions, shards, leftOff);
    }

    private void show(Listing listing, List<String> silent) {
        ObjectNode object = Json.object();
        ArrayNode transactions = object.putArray("transactions");
        listing.transactions().values().forEach(view -> transactions.add(TransactionTexts.json(view)));
        object.put("leftOff", listing.leftOff());
        ArrayNode shards = object.putArray("shards");
        listing.shards().forEach(shards::add);
        ArrayNode unanswered = object.putArray("unanswered");
        silent.forEach(unanswered::add);

        Table table = new Table("XID", "STATE", ">BRANCHES", "WHEN");
        listing.transactions()
                .values()
                .forEach(view -> table.row(
                        view.getXid(), view.getState(), view.getBranchesCount(), TransactionTexts.when(view)));
        StringBuilder text = new StringBuilder(table.isEmpty() ? "No transactions." : table.text(terminal()));
        if (listing.leftOff() > 0) {
            text.append("\n").append(listing.leftOff()).append(" more; raise --limit to see them.");
        }
        text.append("\nShards that answered: ").append(listing.shards());
        silent.forEach(address -> text.append("\nNo answer: ").append(address));
        print(object, text.toString());
    }
}
