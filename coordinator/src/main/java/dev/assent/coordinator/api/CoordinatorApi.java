package dev.assent.coordinator.api;

import com.google.protobuf.MessageLite;
import dev.assent.coordinator.shard.ShardDoor;
import dev.assent.proto.v1.BeginRequest;
import dev.assent.proto.v1.BeginResponse;
import dev.assent.proto.v1.CommitRequest;
import dev.assent.proto.v1.CommitResponse;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.GetOutcomeRequest;
import dev.assent.proto.v1.GetOutcomeResponse;
import dev.assent.proto.v1.GetTransactionRequest;
import dev.assent.proto.v1.GetTransactionResponse;
import dev.assent.proto.v1.ListTransactionsRequest;
import dev.assent.proto.v1.ListTransactionsResponse;
import dev.assent.proto.v1.RollbackRequest;
import dev.assent.proto.v1.RollbackResponse;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Request;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The initiator's unary calls: parses, hands over to the shard's inbox, and answers when the shard does. A caller that
 * goes away is forgotten; what it asked for goes on. Thread-safe; no call occupies a thread while it waits.
 */
public final class CoordinatorApi extends CoordinatorServiceGrpc.CoordinatorServiceImplBase {
    private final PendingCalls pending;
    private volatile @Nullable Shards opened;
    private final AtomicInteger nextShard = new AtomicInteger();

    /** Refuses every call, until {@link #open}. */
    public CoordinatorApi(PendingCalls pending) {
        this.pending = pending;
    }

    /** The cluster is born: from now on calls go to these shards, whose loops answer through the pending calls. */
    public void open(Shards shards) {
        opened = shards;
    }

    @Override
    public void begin(BeginRequest request, StreamObserver<BeginResponse> caller) {
        serve(caller, () -> ask(ledShard(), Requests.begin(request), new Caller<>(request, caller, Responses::begun)));
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<CommitResponse> caller) {
        serve(caller, () -> {
            Xid xid = xid(request.getXid());
            ask(
                    door(xid),
                    Requests.commit(xid, request),
                    new Caller<>(
                            request,
                            caller,
                            answer -> CommitResponse.newBuilder()
                                    .setResult(Responses.result(answer))
                                    .build()));
        });
    }

    @Override
    public void rollback(RollbackRequest request, StreamObserver<RollbackResponse> caller) {
        serve(caller, () -> {
            Xid xid = xid(request.getXid());
            ask(
                    door(xid),
                    Requests.rollback(xid, request),
                    new Caller<>(
                            request,
                            caller,
                            answer -> RollbackResponse.newBuilder()
                                    .setResult(Responses.result(answer))
                                    .build()));
        });
    }

    @Override
    public void getOutcome(GetOutcomeRequest request, StreamObserver<GetOutcomeResponse> caller) {
        serve(caller, () -> {
            Xid xid = xid(request.getXid());
            ask(
                    door(xid),
                    new Request.OutcomeQuestion(xid),
                    new Caller<>(
                            request,
                            caller,
                            answer -> GetOutcomeResponse.newBuilder()
                                    .setResult(Responses.result(answer))
                                    .build()));
        });
    }

    @Override
    public void getTransaction(GetTransactionRequest request, StreamObserver<GetTransactionResponse> caller) {
        serve(caller, () -> new Views(shards()).one(xid(request.getXid()), caller));
    }

    @Override
    public void listTransactions(ListTransactionsRequest request, StreamObserver<ListTransactionsResponse> caller) {
        serve(caller, () -> new Views(shards()).list(Integer.toUnsignedLong(request.getLimit()), caller));
    }

    /** Who waits, and how what it waits for is told. */
    private record Caller<T>(MessageLite request, StreamObserver<T> observer, Function<Answer, T> told) {
        void answer(Answer answer, Optional<String> leaderHint) {
            if (answer instanceof Answer.Refused refused) {
                observer.onError(RpcErrors.refused(refused, leaderHint));
                return;
            }
            T message;
            try {
                message = told.apply(answer);
            } catch (IllegalStateException mismatched) {
                // On the shard's thread: one call that cannot be answered must not end all the others.
                observer.onError(RpcErrors.internal(String.valueOf(mismatched.getMessage())));
                return;
            }
            observer.onNext(message);
            observer.onCompleted();
        }
    }

    private <T> void ask(ShardDoor door, Request request, Caller<T> caller) {
        Shards shards = shards();
        RequestId id = pending.open(
                        caller.request().getSerializedSize(),
                        answer -> caller.answer(answer, shards.leaderHints().apply(door.shard())))
                .orElseThrow(RpcErrors::overloaded);
        if (caller.observer() instanceof ServerCallStreamObserver<T> call) {
            call.setOnCancelHandler(() -> pending.forget(id));
        }
        door.offer(List.of(new Input.Requested(id, request)), () -> {});
    }

    private Shards shards() {
        Shards present = opened;
        if (present == null) {
            throw RpcErrors.notBorn();
        }
        return present;
    }

    private static void serve(StreamObserver<?> caller, Runnable work) {
        // Without a handler, answering a call that was cancelled meanwhile would throw where it is answered.
        if (caller instanceof ServerCallStreamObserver<?> call) {
            call.setOnCancelHandler(() -> {});
        }
        try {
            work.run();
        } catch (IllegalArgumentException malformed) {
            caller.onError(RpcErrors.invalid(String.valueOf(malformed.getMessage())));
        } catch (StatusRuntimeException refused) {
            caller.onError(refused);
        }
    }

    private Xid xid(String text) {
        Shards shards = shards();
        Xid xid = Xid.parse(text);
        if (!xid.cluster().equals(shards.cluster())) {
            throw refused(Answer.Reason.FOREIGN, xid + " is not of this cluster, " + shards.cluster());
        }
        if (xid.shard() >= shards.doors().size()) {
            throw refused(
                    Answer.Reason.WRONG_SHARD,
                    "the cluster has " + shards.doors().size() + " shards, numbered from 0: " + xid);
        }
        return xid;
    }

    private ShardDoor door(Xid xid) {
        return shards().doors().get(xid.shard());
    }

    /** Turns through the shards that this node leads, so that all of them get their share. */
    private ShardDoor ledShard() {
        Shards shards = shards();
        int count = shards.doors().size();
        int first = nextShard.getAndIncrement();
        for (int i = 0; i < count; i++) {
            ShardDoor door = shards.doors().get(Math.floorMod(first + i, count));
            if (door.readyTerm() > 0) {
                return door;
            }
        }
        throw RpcErrors.notLeader(0, shards.leaderHints().apply(Math.floorMod(first, count)));
    }

    private static StatusRuntimeException refused(Answer.Reason reason, String detail) {
        return RpcErrors.refused(new Answer.Refused(reason, 0, detail), Optional.empty());
    }
}
