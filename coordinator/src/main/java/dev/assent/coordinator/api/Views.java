package dev.assent.coordinator.api;

import dev.assent.coordinator.shard.ShardDoor;
import dev.assent.proto.v1.GetTransactionResponse;
import dev.assent.proto.v1.ListTransactionsResponse;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.TransactionView;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Shows people what shards know. Nothing is decided by it: a leader that was just deposed may show what was. */
final class Views {
    private static final int USUAL_LIMIT = 100;
    private static final int LARGEST_LIMIT = 1_000;

    private final Shards shards;

    Views(Shards shards) {
        this.shards = shards;
    }

    private record Excerpt(int shard, List<TransactionView> views, int total) {}

    void one(Xid xid, StreamObserver<GetTransactionResponse> caller) {
        ShardDoor door = shards.doors().get(xid.shard());
        if (door.readyTerm() == 0) {
            throw RpcErrors.notLeader(0, shards.leaderHints().apply(xid.shard()));
        }
        CompletableFuture<?> unused = door.query((core, nowNanos) -> core.view(xid, nowNanos))
                .whenComplete((view, failed) -> {
                    if (view == null) {
                        caller.onError(
                                RpcErrors.notLeader(0, shards.leaderHints().apply(xid.shard())));
                    } else {
                        tell(xid, view, caller);
                    }
                });
    }

    private static void tell(Xid xid, Optional<TransactionView> view, StreamObserver<GetTransactionResponse> caller) {
        if (view.isEmpty()) {
            caller.onError(RpcErrors.notFound("nothing is known about " + xid));
            return;
        }
        caller.onNext(GetTransactionResponse.newBuilder()
                .setTransaction(Responses.view(view.get()))
                .build());
        caller.onCompleted();
    }

    void list(long wishedLimit, StreamObserver<ListTransactionsResponse> caller) {
        int limit = wishedLimit == 0 ? USUAL_LIMIT : (int) Math.min(wishedLimit, LARGEST_LIMIT);
        List<CompletableFuture<Excerpt>> excerpts = new ArrayList<>();
        for (ShardDoor door : shards.doors()) {
            if (door.readyTerm() > 0) {
                excerpts.add(door.query((core, nowNanos) ->
                        new Excerpt(door.shard(), core.views(limit, nowNanos), core.transactionCount())));
            }
        }
        CompletableFuture<?> all = CompletableFuture.allOf(excerpts.toArray(CompletableFuture<?>[]::new));
        CompletableFuture<?> unused = all.whenComplete((done, failed) -> {
            // A shard that stopped meanwhile is one that this node does not lead.
            List<Excerpt> told = excerpts.stream()
                    .filter(excerpt -> !excerpt.isCompletedExceptionally())
                    .map(CompletableFuture::join)
                    .toList();
            caller.onNext(listed(told, limit));
            caller.onCompleted();
        });
    }

    private static ListTransactionsResponse listed(List<Excerpt> excerpts, int limit) {
        ListTransactionsResponse.Builder response = ListTransactionsResponse.newBuilder();
        long total = 0;
        for (Excerpt excerpt : excerpts) {
            response.addShards(excerpt.shard());
            total += excerpt.total();
            excerpt.views().stream()
                    .limit(limit - response.getTransactionsCount())
                    .map(Responses::view)
                    .forEach(response::addTransactions);
        }
        return response.setLeftOff(Math.max(0, total - response.getTransactionsCount()))
                .build();
    }
}
