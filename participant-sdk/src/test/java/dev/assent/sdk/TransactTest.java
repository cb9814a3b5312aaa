package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The doors of the SDK over real databases and calls, against a cluster that never fails. */
@Timeout(60)
class TransactTest {
    private final FakeCluster cluster = new FakeCluster();
    private TestService orders;
    private TestService stock;
    private Assent client;

    @BeforeEach
    void start() throws Exception {
        stock = new TestService("stock", cluster, TransactTest::handleStock);
        orders = new TestService("orders", cluster, this::handleOrders);
        client = Assent.builder("client")
                .coordinators("fake:1")
                .connector(cluster)
                .outcomePatience(Duration.ofSeconds(5))
                .start();
    }

    @AfterEach
    void stop() {
        client.close();
        orders.close();
        stock.close();
        cluster.close();
    }

    private String handleOrders(TestService self, String text) throws Exception {
        self.insert(text);
        if (text.startsWith("both")) {
            return EchoService.say(stock.channel(self.assent), text);
        }
        return GlobalTransaction.current().map(tx -> tx.xid().toString()).orElse("none");
    }

    private static String handleStock(TestService self, String text) throws Exception {
        self.insert(text);
        if (text.endsWith("refused")) {
            throw new IllegalStateException("nothing of it is left");
        }
        return GlobalTransaction.current().map(tx -> tx.xid().toString()).orElse("none");
    }

    @Test
    void valueIsReturnedAndEveryBranchCommits() throws Exception {
        Receipt<String> receipt = client.transact(tx -> EchoService.say(orders.channel(client), "both"));

        assertThat(receipt.value()).isEqualTo(receipt.xid().toString());
        assertThat(receipt.isCommitted()).isTrue();
        assertThat(orders.committedCount()).isEqualTo(1);
        assertThat(stock.committedCount()).isEqualTo(1);
        assertThat(client.outcome(receipt.xid())).contains(Outcome.COMMITTED);
    }

    @Test
    void serviceCalledTwiceWorksInOneBranch() throws Exception {
        client.run(tx -> {
            EchoService.say(orders.channel(client), "first");
            EchoService.say(orders.channel(client), "second");
            assertThat(orders.committedCount()).isZero();
        });

        assertThat(orders.committedCount()).isEqualTo(2);
    }

    @Test
    void exceptionOfTheApplicationIsKeptWithTheAbortAttached() throws Exception {
        IOException own = new IOException("disk full");

        assertThatThrownBy(() -> client.transact(tx -> {
                    EchoService.say(orders.channel(client), "both");
                    throw own;
                }))
                .isSameAs(own);

        assertThat(own.getSuppressed()).hasSize(1);
        assertThat(own.getSuppressed()[0])
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("disk full");
        assertThat(orders.committedCount()).isZero();
        assertThat(stock.committedCount()).isZero();
    }

    @Test
    void failedCallForbidsTheCommitThoughTheApplicationCaughtIt() throws Exception {
        TransactionAbortedException aborted = catchThrowableOfType(
                TransactionAbortedException.class,
                () -> client.run(tx -> {
                    EchoService.say(orders.channel(client), "kept");
                    assertThatThrownBy(() -> EchoService.say(stock.channel(client), "refused"))
                            .isInstanceOf(StatusRuntimeException.class);
                }));

        assertThat(aborted.reason()).isEqualTo(AbortCause.Kind.CALL_FAILED);
        assertThat(aborted).hasMessageContaining("test.Echo/Say").hasMessageContaining("nothing of it is left");
        assertThat(aborted.isRetryable()).isFalse();
        assertThat(orders.committedCount()).isZero();
        assertThat(stock.committedCount()).isZero();
    }

    @Test
    void refusedVoteNamesBranchAndReason() throws Exception {
        TransactionAbortedException aborted = catchThrowableOfType(
                TransactionAbortedException.class,
                () -> client.run(tx -> EchoService.say(rollingBack().channel(client), "lost")));

        assertThat(aborted.reason()).isEqualTo(AbortCause.Kind.VOTED_NO);
        assertThat(aborted.branch()).isPresent();
        assertThat(aborted).hasMessageContaining("rolled back by the application");
    }

    private TestService rollingBack() throws Exception {
        return new TestService("undoing", cluster, (self, text) -> {
            try (Connection connection = self.db().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("INSERT INTO item VALUES ('" + text + "')");
                connection.rollback();
            }
            return "";
        });
    }

    @Test
    void branchOfTheInitiatorsOwnProcessCommitsWithTheOthers() throws Exception {
        Receipt<String> receipt = orders.assent.transact(tx -> {
            orders.insert("own");
            return EchoService.say(stock.channel(orders.assent), "other");
        });

        assertThat(receipt.pending()).isEmpty();
        assertThat(orders.committedCount()).isEqualTo(1);
        assertThat(stock.committedCount()).isEqualTo(1);
    }

    @Test
    void nestedWorkJoinsAndOnlyTheOutermostCommits() throws Exception {
        orders.assent.run(tx -> {
            Receipt<Void> inner = orders.assent.run(joined -> {
                assertThat(joined.xid()).isEqualTo(tx.xid());
                orders.insert("inner");
            });
            assertThat(inner.isCommitted()).isFalse();
            assertThat(orders.committedCount()).isZero();
        });

        assertThat(orders.committedCount()).isEqualTo(1);
    }

    @Test
    void rollbackOnlyAbortsThoughTheWorkReturns() throws Exception {
        assertThatThrownBy(() -> orders.assent.run(tx -> {
                    orders.insert("own");
                    tx.setRollbackOnly("the customer changed his mind");
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("the customer changed his mind");

        await("branch rolled back").until(() -> orders.committedCount() == 0);
    }

    @Test
    void manualDoorCommitsOnceAndUnbindsTheThread() throws Exception {
        GlobalTransaction tx = orders.assent.begin();
        assertThat(GlobalTransaction.current()).containsSame(tx);
        orders.insert("own");
        assertThat(tx.commit()).isEmpty();

        assertThat(GlobalTransaction.current()).isEmpty();
        assertThat(orders.committedCount()).isEqualTo(1);
        assertThatThrownBy(tx::commit).isInstanceOf(IllegalStateException.class).hasMessageContaining("ended before");
    }

    @Test
    void connectionAfterTheEndIsRefusedWithTheStateAndTheXid() throws Exception {
        Receipt<Connection> receipt = orders.assent.transact(tx -> orders.db().getConnection());

        assertThatThrownBy(() -> receipt.value().createStatement().execute("INSERT INTO item VALUES ('late')"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(receipt.xid().toString());
        assertThat(orders.committedCount()).isZero();
    }

    @Test
    void muteCoordinatorEndsTheWaitWithOutcomeUnknownAndTheOutcomeCanBeAskedLater() throws Exception {
        Assent impatient = Assent.builder("impatient")
                .coordinators("fake:1")
                .connector(cluster)
                .outcomePatience(Duration.ofMillis(300))
                .start();
        try (impatient) {
            OutcomeUnknownException unknown = catchThrowableOfType(
                    OutcomeUnknownException.class,
                    () -> impatient.run(tx -> {
                        EchoService.say(orders.channel(impatient), "kept");
                        cluster.fallMute();
                    }));
            assertThat(unknown.isExpired()).isFalse();

            cluster.speakAgain();
            Xid xid = unknown.xid();
            await("outcome of " + xid)
                    .ignoreExceptionsInstanceOf(OutcomeUnknownException.class)
                    .until(() -> impatient
                            .outcome(xid)
                            .filter(Outcome.COMMITTED::equals)
                            .isPresent());
            assertThat(orders.committedCount()).isEqualTo(1);
        }
    }

    @Test
    void answerOfACallWaitsForTheEnlistment() throws Exception {
        cluster.holdEnlistments();
        AtomicReference<String> answer = new AtomicReference<>();
        Thread caller = new Thread(() -> client.run(tx -> answer.set(EchoService.say(orders.channel(client), "kept"))));
        caller.start();

        await("branch opened").until(() -> orders.assent.branchesOpenCount() == 1);
        await("handler through")
                .during(Duration.ofMillis(200))
                .until(() -> answer.get() == null && orders.committedCount() == 0);
        cluster.releaseEnlistments();
        caller.join(10_000);

        assertThat(answer.get()).isNotNull();
        assertThat(orders.committedCount()).isEqualTo(1);
    }

    @Test
    void callOutsideAnyTransactionIsLeftAlone() throws Exception {
        assertThat(EchoService.say(orders.channel(client), "plain")).isEqualTo("none");
        assertThat(orders.committedCount()).isEqualTo(1);
    }

    @Test
    void beginWithoutCoordinatorSaysSoAndBeginsNothing() {
        Assent alone = Assent.builder("alone")
                .coordinators("127.0.0.1:1")
                .beginPatience(Duration.ofMillis(200))
                .start();
        try (alone) {
            assertThatThrownBy(() -> alone.run(tx -> {
                        throw new AssertionError("must not run");
                    }))
                    .isInstanceOf(CoordinatorUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:1");
        }
    }
}
