package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.proto.v1.CommitRequest;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.proto.v1.CoordinatorServiceGrpc.CoordinatorServiceBlockingStub;
import dev.assent.proto.v1.GetOutcomeRequest;
import dev.assent.proto.v1.GetTransactionRequest;
import dev.assent.proto.v1.Hello;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.ParticipantServiceGrpc;
import dev.assent.proto.v1.RollbackRequest;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.sdk.OutcomeUnknownException;
import dev.assent.testkit.LocalCluster;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a cluster says to what it cannot serve, and that honest transactions go on beside it. */
@TestInstance(Lifecycle.PER_CLASS)
class RefusalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OVERSIZE_BYTES = 5 << 20;
    private static final String STRANGER = "stranger0001";

    private final AdminChannels channels = new AdminChannels(Duration.ofSeconds(10));
    private LocalCluster cluster;
    private Pair pair;
    private Judge judge;
    private Writers honest;
    private Xid known = new Xid(new ClusterId("none", "00000000"), 0, 1, 0);

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = LocalCluster.start(directory.resolve("cluster"), 1, 1, UnaryOperator.identity());
        pair = new ThreeProcesses(directory, cluster.addresses());
        judge = new Judge(pair.books(), cluster::openTransactions);
        Told first = Told.by(pair.initiator(), "first", () -> pair.write("first"));
        known = first.xid().orElseThrow();
        judge.holds(List.of(first), pair.initiator());
        honest = new Writers(pair, 1, "honest");
    }

    @AfterAll
    void honestTransactionsWentOn() throws Exception {
        try (LocalCluster ended = cluster;
                Pair closed = pair;
                Writers writers = honest;
                AdminChannels last = channels) {
            writers.awaitCommits(10, PATIENCE);
            writers.stop();
            assertThat(writers.told()).allMatch(Told::isCommitted);
            judge.holds(writers.told(), closed.initiator());
            judge.nothingIsLeft();
            assertThat(ended.failures()).isEmpty();
        }
    }

    /** An xid made from one of this cluster, and what is said about it. */
    static Stream<Arguments> strangeXids() {
        UnaryOperator<Xid> otherLife =
                xid -> with(xid, new ClusterId(xid.cluster().name(), "00000000"));
        UnaryOperator<Xid> otherCluster = xid -> with(xid, new ClusterId("elsewhere", "00000000"));
        UnaryOperator<Xid> otherShard = xid -> new Xid(xid.cluster(), 7, xid.term(), 0);
        UnaryOperator<Xid> later = xid -> new Xid(xid.cluster(), 0, xid.term() + 1_000, 0);
        UnaryOperator<Xid> neverGivenOut = xid -> new Xid(xid.cluster(), 0, xid.term(), 1L << 40);
        return Stream.of(
                Arguments.of("of another life of the cluster", otherLife, "FAILED_PRECONDITION", "FOREIGN"),
                Arguments.of("of another cluster", otherCluster, "FAILED_PRECONDITION", "FOREIGN"),
                Arguments.of("of a shard that is not", otherShard, "FAILED_PRECONDITION", "WRONG_SHARD"),
                Arguments.of("of a term to come", later, "UNAVAILABLE", "NOT_LEADER"),
                Arguments.of("that nobody was given", neverGivenOut, "INVALID_ARGUMENT", "INVALID"));
    }

    private static Xid with(Xid xid, ClusterId other) {
        return new Xid(other, xid.shard(), xid.term(), xid.seq());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangeXids")
    void strangeXidIsRefusedByEveryCall(String what, UnaryOperator<Xid> change, Status.Code code, String reason) {
        everyCallRefuses(change.apply(known).toString(), code, reason);
        honest.awaitCommits(1, PATIENCE);
    }

    @ParameterizedTest
    @MethodSource("noXids")
    void whatIsNoXidIsRefusedByEveryCall(String text) {
        everyCallRefuses(text, Status.Code.INVALID_ARGUMENT, "INVALID");
        honest.awaitCommits(1, PATIENCE);
    }

    static Stream<String> noXids() {
        return Stream.of("", "no xid", "test-00000000.0.1", "test-00000000.0.-1.1", "x".repeat(1_000), "\u0000\u2603");
    }

    private void everyCallRefuses(String xid, Status.Code code, String reason) {
        CoordinatorServiceBlockingStub stub = CoordinatorServiceGrpc.newBlockingStub(channel());
        Map<String, Runnable> calls = Map.of(
                "commit",
                () -> stub.commit(CommitRequest.newBuilder().setXid(xid).build()),
                "rollback",
                () -> stub.rollback(RollbackRequest.newBuilder().setXid(xid).build()),
                "outcome",
                () -> stub.getOutcome(GetOutcomeRequest.newBuilder().setXid(xid).build()));
        calls.forEach((name, call) -> refuses(name, call, code, reason));
        showsNothing(stub, xid);
    }

    /** People may ask about a number that nobody was given; they learn no more than that. */
    private static void showsNothing(CoordinatorServiceBlockingStub stub, String xid) {
        try {
            GetTransactionRequest request =
                    GetTransactionRequest.newBuilder().setXid(xid).build();
            assertThat(stub.getTransaction(request).getTransaction().getState()).isEqualTo("UNKNOWN");
        } catch (StatusRuntimeException refused) {
            assertThat(refused.getStatus().getDescription()).isNotBlank();
        }
    }

    private static void refuses(String name, Runnable call, Status.Code code, String reason) {
        assertThatThrownBy(call::run).as(name).isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
            assertThat(e.getStatus().getCode()).as(name).isEqualTo(code);
            assertThat(e.getStatus().getDescription()).as(name).isNotBlank();
            assertThat(reasonOf(e)).as(name).isEqualTo(reason);
        });
    }

    @Test
    void oversizeCallIsRefused() {
        RollbackRequest request = RollbackRequest.newBuilder()
                .setXid(known.toString())
                .setReason("x".repeat(OVERSIZE_BYTES))
                .build();

        assertThatThrownBy(
                        () -> CoordinatorServiceGrpc.newBlockingStub(channel()).rollback(request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode())
                                .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
        honest.awaitCommits(1, PATIENCE);
    }

    static Stream<Arguments> strangeHellos() {
        Hello.Builder newer = hello().setOldestVersion(2).setNewestVersion(9);
        Hello.Builder foreign = hello().setCluster("elsewhere-00000000");
        Hello.Builder nameless = hello().setInstance("?");
        Hello.Builder oversize = hello().setSoftware("x".repeat(OVERSIZE_BYTES));
        return Stream.of(
                Arguments.of(newer, Status.Code.FAILED_PRECONDITION, "UNSUPPORTED_VERSION", "this node 1 to 1"),
                Arguments.of(foreign, Status.Code.FAILED_PRECONDITION, "FOREIGN", "elsewhere-00000000"),
                Arguments.of(nameless, Status.Code.INVALID_ARGUMENT, "INVALID", "instance"),
                Arguments.of(oversize, Status.Code.RESOURCE_EXHAUSTED, "", ""));
    }

    private static Hello.Builder hello() {
        return Hello.newBuilder().setOldestVersion(1).setNewestVersion(1).setInstance(STRANGER);
    }

    @ParameterizedTest
    @MethodSource("strangeHellos")
    void strangeProcessIsRefusedWithAReason(Hello.Builder hello, Status.Code code, String reason, String text)
            throws Exception {
        StatusRuntimeException refusal = refusalOf(hello);

        assertThat(refusal.getStatus().getCode()).isEqualTo(code);
        assertThat(reasonOf(refusal)).isEqualTo(reason);
        assertThat(refusal.getStatus().getDescription()).contains(text);
        honest.awaitCommits(1, PATIENCE);
    }

    private StatusRuntimeException refusalOf(Hello.Builder hello) throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        StreamObserver<InstanceMessage> up = ParticipantServiceGrpc.newStub(channel())
                .connect(new StreamObserver<NodeMessage>() {
                    @Override
                    public void onNext(NodeMessage message) {
                        ended.completeExceptionally(new AssertionError("was welcome: " + message));
                    }

                    @Override
                    public void onError(Throwable refused) {
                        ended.complete(refused);
                    }

                    @Override
                    public void onCompleted() {
                        ended.completeExceptionally(new AssertionError("ended without an error"));
                    }
                });
        up.onNext(InstanceMessage.newBuilder().setHello(hello).build());
        return (StatusRuntimeException) ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void initiatorOfAnotherClusterCannotUseParticipantsOfThisOne(@TempDir Path directory) throws Exception {
        try (LocalCluster other = LocalCluster.start(directory.resolve("other"), 1, 1, UnaryOperator.identity());
                Participant here = new Participant(directory, "here", cluster.addresses(), 0);
                Assent stranger = Assent.connect(other.addresses())) {
            Channel mixed = ClientInterceptors.intercept(here.channel(), stranger.clientInterceptor());

            Told told = Told.by(stranger, "mixed", () -> TextCall.say(mixed, "write mixed"));

            assertThat(told.outcome()).as(told.why()).contains(Outcome.ABORTED);
            assertThat(told.why()).contains("cluster");
            assertThatThrownBy(() -> stranger.outcome(known))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining(known.toString())
                    .hasMessageContaining("FOREIGN");
            new Judge(List.of(here.ledger()), other::openTransactions).holds(List.of(told), stranger);
            new Judge(List.of(here.ledger()), other::openTransactions).nothingIsLeft();
        }
        honest.awaitCommits(1, PATIENCE);
    }

    private Channel channel() {
        return channels.channel(cluster.address(0));
    }

    /** Empty if there is none. */
    private static String reasonOf(StatusRuntimeException e) {
        com.google.rpc.Status details = StatusProto.fromThrowable(e);
        if (details == null) {
            return "";
        }
        for (Any detail : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return detail.unpack(ErrorInfo.class).getReason();
                } catch (InvalidProtocolBufferException unreadable) {
                    throw new AssertionError(unreadable);
                }
            }
        }
        return "";
    }
}
