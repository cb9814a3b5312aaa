package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.sdk.internal.fault.FaultSeam.Fate;
import dev.assent.sdk.internal.fault.InjectedFaultException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What travels with a call, and what its receiver makes of it. */
@Timeout(60)
class PropagationTest {
    private static final String XID = "fake-abcd1234.0.1.7";

    private final FakeCluster cluster = new FakeCluster();
    private final AtomicInteger runs = new AtomicInteger();
    private TestService service;

    @BeforeEach
    void start() throws Exception {
        service = new TestService("service", cluster, (self, text) -> {
            runs.incrementAndGet();
            self.insert(text);
            return "done";
        });
    }

    @AfterEach
    void stop() {
        service.close();
        cluster.close();
    }

    private Channel carrying(String xid, String call, String millis) {
        Metadata headers = new Metadata();
        put(headers, "assent-xid", xid);
        put(headers, "assent-call", call);
        put(headers, "assent-remaining-millis", millis);
        return ClientInterceptors.intercept(service.plainChannel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static void put(Metadata headers, String key, String value) {
        if (!value.isEmpty()) {
            headers.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
        }
    }

    private static void assertRefused(StatusRuntimeException e, Status.Code code, String reason) {
        assertThat(e.getStatus().getCode()).isEqualTo(code);
        assertThat(Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetailsList())
                .singleElement()
                .satisfies(detail ->
                        assertThat(detail.unpack(ErrorInfo.class).getReason()).isEqualTo(reason));
    }

    @Test
    void callThatArrivesTwiceDoesNotRunAgain() {
        Channel channel = carrying(XID, "1", "5000");
        EchoService.say(channel, "once");

        assertThatThrownBy(() -> EchoService.say(channel, "twice"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertRefused(e, Status.Code.ALREADY_EXISTS, "CALL_REPEATED"))
                .hasMessageContaining("does not run again");
        assertThat(runs).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, 1, 5000",
        "fake-abcd1234.0.1.7, '1;2', 5000",
        "fake-abcd1234.0.1.7, 1, soon",
        "fake-abcd1234.0.1.7, 1, 99999999999",
        "fake-abcd1234.0.1.7, '', 5000",
        "'', 1, 5000"
    })
    void malformedHeadersAreRefusedAndNothingRuns(String xid, String call, String millis) {
        assertThatThrownBy(() -> EchoService.say(carrying(xid, call, millis), "never"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertRefused(e, Status.Code.INVALID_ARGUMENT, "HEADERS_MALFORMED"));
        assertThat(runs).hasValue(0);
    }

    @Test
    void callOfATransactionWhoseTimeHasPassedDoesNotRun() {
        assertThatThrownBy(() -> EchoService.say(carrying(XID, "1", "0"), "never"))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertRefused(e, Status.Code.DEADLINE_EXCEEDED, "TIMEOUT_PASSED"));
        assertThat(runs).hasValue(0);
    }

    @Test
    void openCallForbidsTheCommit() throws Exception {
        Assent client = client();
        try (client) {
            assertThatThrownBy(() -> client.run(tx -> {
                        ClientCall<String, String> open =
                                service.channel(client).newCall(EchoService.SAY, CallOptions.DEFAULT);
                        open.start(new ClientCall.Listener<>() {}, new Metadata());
                    }))
                    .isInstanceOf(TransactionAbortedException.class)
                    .hasMessageContaining("test.Echo/Say is still open");
        }
    }

    @Test
    void callAfterTheEndOfItsTransactionIsRefusedAndDoesNotRun() {
        Assent client = client();
        try (client) {
            GlobalTransaction tx = client.begin();
            Context carriedAlong = Context.current();
            tx.commit();
            // A thread that was carried along and goes on after the end.
            assertThatThrownBy(() -> carriedAlong.call(() -> EchoService.say(service.channel(client), "late")))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("takes no more calls");
            assertThat(runs).hasValue(0);
        }
    }

    @Test
    void callThroughAHopWithoutTheSdkStillCommits() throws Exception {
        Assent client = client();
        try (client) {
            // The hop swallows the headers, so that the service answers without a report.
            Receipt<String> receipt = client.transact(tx -> EchoService.say(
                    ClientInterceptors.intercept(
                            ClientInterceptors.intercept(service.plainChannel(), stripping()),
                            client.clientInterceptor()),
                    "plain"));
            assertThat(receipt.isCommitted()).isTrue();
            assertThat(service.committedCount()).isEqualTo(1);
        }
    }

    private static ClientInterceptor stripping() {
        return new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<A> listener, Metadata headers) {
                        super.start(listener, new Metadata());
                    }
                };
            }
        };
    }

    @Test
    void everyMistakeOfTheConfigurationIsSaidAtOnce() {
        assertThatThrownBy(() -> Assent.builder("Bad Name")
                        .resource("UPPER", service.pool)
                        .beginPatience(Duration.ZERO)
                        .faults((point, place) -> Fate.PROCEED)
                        .start())
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems()).hasSize(5))
                .hasMessageContaining("Bad Name")
                .hasMessageContaining("UPPER")
                .hasMessageContaining("beginPatience")
                .hasMessageContaining("coordinators")
                .hasMessageContaining("development");
    }

    @Test
    void stepsOfACommitPassTheirFaultPointsInOrder() throws Exception {
        List<FaultPoint> passed = new CopyOnWriteArrayList<>();
        Assent both = Assent.builder("both")
                .coordinators("fake:1")
                .resource("both-db", service.pool)
                .development(true)
                .faults((point, place) -> {
                    passed.add(point);
                    return Fate.PROCEED;
                })
                .connector(cluster)
                .start();
        try (both) {
            both.run(tx -> {
                try (var connection = both.dataSource("both-db").getConnection();
                        var statement = connection.createStatement()) {
                    statement.execute("INSERT INTO item VALUES ('x')");
                }
            });
        }

        assertThat(passed)
                .containsSubsequence(
                        FaultPoint.BEGIN_SENT,
                        FaultPoint.ENLIST_BEFORE_SEND,
                        FaultPoint.COMMIT_BEFORE_SEND,
                        FaultPoint.PREPARE_BEFORE_EVIDENCE,
                        FaultPoint.PREPARE_BEFORE_DURABLE,
                        FaultPoint.PREPARE_DURABLE,
                        FaultPoint.COMMIT_BEFORE_DATABASE,
                        FaultPoint.COMMIT_DURABLE,
                        FaultPoint.OUTCOME_BEFORE_RETURN)
                .contains(FaultPoint.COMMAND_RECEIVED, FaultPoint.RECOVERY_LISTED);
    }

    // Without it: the pool of a service loses a connection with each such failure, and one day it has none.
    @Test
    void failureBeforeTheRollbackKeepsNoConnection() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(service.pool);
        HikariDataSource pool = new HikariDataSource(config);
        Assent both = Assent.builder("both")
                .coordinators("fake:1")
                .resource("both-db", pool)
                .development(true)
                .faults((point, place) -> {
                    if (point == FaultPoint.ABORT_BEFORE_DATABASE) {
                        throw new InjectedFaultException(point);
                    }
                    return Fate.PROCEED;
                })
                .connector(cluster)
                .start();
        try (pool;
                both) {
            assertThatThrownBy(() -> both.run(tx -> {
                        try (var connection = both.dataSource("both-db").getConnection();
                                var statement = connection.createStatement()) {
                            statement.execute("INSERT INTO item VALUES ('y')");
                        }
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
        }
    }

    private Assent client() {
        return Assent.builder("client")
                .coordinators("fake:1")
                .connector(cluster)
                .start();
    }
}
