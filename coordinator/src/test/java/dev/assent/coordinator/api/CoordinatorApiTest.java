package dev.assent.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.assent.proto.v1.BeginRequest;
import dev.assent.proto.v1.BeginResponse;
import dev.assent.proto.v1.BranchCalls;
import dev.assent.proto.v1.CallSums;
import dev.assent.proto.v1.CommitRequest;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.CoordinatorServiceGrpc.CoordinatorServiceBlockingStub;
import dev.assent.proto.v1.GetOutcomeRequest;
import dev.assent.proto.v1.GetTransactionRequest;
import dev.assent.proto.v1.ListTransactionsRequest;
import dev.assent.proto.v1.Outcome;
import dev.assent.proto.v1.Result;
import dev.assent.proto.v1.RollbackRequest;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.Request;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CoordinatorApiTest {
    private static final ClusterId CLUSTER = ClusterId.parse("shop-abcd1234");
    private static final Xid XID = new Xid(CLUSTER, 1, 3, 7);
    private static final BranchId BRANCH = BranchId.parse("db.inst00000001.0");

    private final PendingCalls pending = new PendingCalls(4, 100_000);
    private final FakeDoor first = new FakeDoor(0, pending);
    private final FakeDoor second = new FakeDoor(1, pending);
    private Server server;
    private ManagedChannel channel;
    private CoordinatorServiceBlockingStub client;

    @BeforeEach
    void start() throws Exception {
        Shards shards = new Shards(CLUSTER, List.of(first, second), shard -> Optional.of("n2"));
        CoordinatorApi api = new CoordinatorApi(pending);
        api.open(shards);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = NettyServerBuilder.forAddress(anyPort)
                .directExecutor()
                .addService(api)
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        client = CoordinatorServiceGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }

    private static CommitRequest.Builder commit(String xid) {
        return CommitRequest.newBuilder().setXid(xid);
    }

    private static void assertRefused(Executable call, Status.Code code, String reason) {
        ErrorInfo info = refusal(call, code);
        assertThat(info.getReason()).isEqualTo(reason);
        assertThat(info.getDomain()).isEqualTo("assent.dev");
    }

    private static ErrorInfo refusal(Executable call, Status.Code code) {
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, call::execute);
        assertThat(error.getStatus().getCode()).isEqualTo(code);
        try {
            return StatusProto.fromThrowable(error).getDetails(0).unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void beginGoesToTheShardsThatThisNodeLeadsInTurn() {
        for (FakeDoor door : List.of(first, second)) {
            door.script = request ->
                    Optional.of(new Answer.Begun(new Xid(CLUSTER, door.shard(), 3, 1), TimeUnit.SECONDS.toNanos(30)));
        }

        List<String> xids = List.of(
                client.begin(BeginRequest.getDefaultInstance()).getXid(),
                client.begin(BeginRequest.getDefaultInstance()).getXid());
        first.readyTerm = 0;
        BeginResponse third = client.begin(BeginRequest.getDefaultInstance());
        BeginResponse fourth = client.begin(BeginRequest.getDefaultInstance());

        assertThat(xids).containsExactlyInAnyOrder("shop-abcd1234.0.3.1", "shop-abcd1234.1.3.1");
        assertThat(List.of(third.getXid(), fourth.getXid())).containsOnly("shop-abcd1234.1.3.1");
        assertThat(third.getTimeoutMillis()).isEqualTo(30_000);
    }

    @Test
    void beginOnANodeThatLeadsNothingNamesWhoMight() {
        first.readyTerm = 0;
        second.readyTerm = 0;

        ErrorInfo info = refusal(() -> client.begin(BeginRequest.getDefaultInstance()), Status.Code.UNAVAILABLE);

        assertThat(info.getReason()).isEqualTo("NOT_LEADER");
        assertThat(info.getMetadataMap()).containsEntry("leader", "n2");
    }

    @Test
    void commitHandsTheAccountOverAndTellsTheOutcome() {
        second.script = requested -> {
            assertThat(requested.id().origin()).isEmpty();
            assertThat(requested.request())
                    .isEqualTo(new Request.Commit(
                            XID,
                            AnswerMode.AFTER_DECISION,
                            new dev.assent.protocol.CallSums(
                                    List.of(new dev.assent.protocol.CallSums.BranchCalls(BRANCH, 2)), true)));
            return Optional.of(new Answer.Committed(List.of(BRANCH)));
        };

        Result result = client.commit(commit(XID.toString())
                        .setMode(dev.assent.proto.v1.AnswerMode.AFTER_DECISION)
                        .setSums(CallSums.newBuilder()
                                .setComplete(true)
                                .addBranches(BranchCalls.newBuilder()
                                        .setBranch(BRANCH.toString())
                                        .setCalls(2)))
                        .build())
                .getResult();

        assertThat(result.getOutcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.getBranchesList()).containsExactly(BRANCH.toString());
        assertThat(pending.count()).isZero();
    }

    @Test
    void rollbackCarriesItsReasonAndTellsTheFirstCause() {
        second.script = requested -> Optional.of(new Answer.Aborted(((Request.Rollback) requested.request()).cause()));

        Result result = client.rollback(RollbackRequest.newBuilder()
                        .setXid(XID.toString())
                        .setReason("out of stock")
                        .build())
                .getResult();

        assertThat(result.getOutcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.getCause().getDetail()).isEqualTo("out of stock");
        assertThat(result.getCause().getKind()).isEqualTo(dev.assent.proto.v1.AbortCause.Kind.ROLLED_BACK);
    }

    @Test
    void everyCauseOfAnAbortHasItsNameOnTheWire() {
        for (AbortCause.Kind kind : AbortCause.Kind.values()) {
            second.script = requested -> Optional.of(new Answer.Aborted(AbortCause.of(kind, BRANCH, "")));

            Result result = outcome(XID.toString());

            assertThat(result.getCause().getKind().name()).isEqualTo(kind.name());
            assertThat(result.getCause().getBranch()).isEqualTo(BRANCH.toString());
        }
    }

    @Test
    void everyAnswerIsAnOutcome() {
        assertThat(told(new Answer.Pending())).isEqualTo(Outcome.PENDING);
        assertThat(told(new Answer.Mixed(List.of(BRANCH)))).isEqualTo(Outcome.MIXED);
        assertThat(told(new Answer.Hazard(List.of(BRANCH)))).isEqualTo(Outcome.HAZARD);
        assertThat(told(new Answer.OutcomeExpired())).isEqualTo(Outcome.EXPIRED);
    }

    private Outcome told(Answer answer) {
        second.script = requested -> Optional.of(answer);
        return outcome(XID.toString()).getOutcome();
    }

    private Result outcome(String xid) {
        return client.getOutcome(GetOutcomeRequest.newBuilder().setXid(xid).build())
                .getResult();
    }

    @Test
    void everyRefusalHasItsStatusAndReason() {
        assertRefusal(Answer.Reason.FOREIGN, Status.Code.FAILED_PRECONDITION);
        assertRefusal(Answer.Reason.WRONG_SHARD, Status.Code.FAILED_PRECONDITION);
        assertRefusal(Answer.Reason.INVALID, Status.Code.INVALID_ARGUMENT);
        assertRefusal(Answer.Reason.STALE_BEGIN, Status.Code.ALREADY_EXISTS);
        assertRefusal(Answer.Reason.TOO_MANY_TRANSACTIONS, Status.Code.RESOURCE_EXHAUSTED);
        assertRefusal(Answer.Reason.NOT_LEADER, Status.Code.UNAVAILABLE);
    }

    private void assertRefusal(Answer.Reason reason, Status.Code code) {
        second.script = requested -> Optional.of(new Answer.Refused(reason, 9, "because"));
        assertRefused(() -> outcome(XID.toString()), code, reason.name());
    }

    @Test
    void notLeaderTellsTheTermThatIsKnown() {
        second.script = requested -> Optional.of(new Answer.Refused(Answer.Reason.NOT_LEADER, 9, ""));

        ErrorInfo info = refusal(() -> outcome(XID.toString()), Status.Code.UNAVAILABLE);

        assertThat(info.getMetadataMap()).containsEntry("term", "9").containsEntry("leader", "n2");
    }

    @Test
    void anotherClusterAndAShardThatIsNotAreToldApart() {
        assertRefused(() -> outcome("shop-00000000.1.3.7"), Status.Code.FAILED_PRECONDITION, "FOREIGN");
        assertRefused(() -> outcome("shop-abcd1234.2.3.7"), Status.Code.FAILED_PRECONDITION, "WRONG_SHARD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "shop-abcd1234.1.3", "shop-abcd1234.1.3.07", "shop-abcd1234.1.0.7"})
    void whatIsNoXidIsRefusedAsSuch(String text) {
        assertRefused(() -> outcome(text), Status.Code.INVALID_ARGUMENT, "INVALID");
    }

    @Test
    void anOverlongXidIsRefusedWithoutRepeatingIt() {
        assertThatThrownBy(() -> outcome("x".repeat(100_000)))
                .isInstanceOf(StatusRuntimeException.class)
                .satisfies(error -> assertThat(error.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void anAccountThatIsNotSortedIsRefused() {
        CallSums sums = CallSums.newBuilder()
                .addBranches(
                        BranchCalls.newBuilder().setBranch("db.inst00000001.1").setCalls(1))
                .addBranches(
                        BranchCalls.newBuilder().setBranch("db.inst00000001.0").setCalls(1))
                .build();

        assertRefused(
                () -> client.commit(commit(XID.toString()).setSums(sums).build()),
                Status.Code.INVALID_ARGUMENT,
                "INVALID");
    }

    @Test
    void moreCallsThanMayWaitAreRefusedAndCancelledOnesMakeRoom() throws Exception {
        for (int i = 0; i < 4; i++) {
            var unused = CoordinatorServiceGrpc.newFutureStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .commit(commit(XID.toString()).build());
            assertThat(second.silent.poll(10, TimeUnit.SECONDS)).as("call " + i).isNotNull();
        }
        assertRefused(() -> outcome(XID.toString()), Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED");

        channel.shutdownNow();

        Awaitility.await("cancelled calls are forgotten").until(() -> pending.count() == 0);
    }

    @Test
    void whoeverWaitsWhenTheNodeStopsIsSentElsewhere() throws Exception {
        var waiting = CoordinatorServiceGrpc.newFutureStub(channel)
                .commit(commit(XID.toString()).build());
        Input.Requested taken = second.silent.poll(10, TimeUnit.SECONDS);
        assertThat(taken).isNotNull();

        pending.close();

        assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    @Test
    void aShardThatStoppedIsNotLed() {
        assertRefused(
                () -> client.getTransaction(GetTransactionRequest.newBuilder()
                        .setXid(XID.toString())
                        .build()),
                Status.Code.UNAVAILABLE,
                "NOT_LEADER");
        assertThat(client.listTransactions(ListTransactionsRequest.getDefaultInstance())
                        .getShardsList())
                .isEmpty();
    }
}
