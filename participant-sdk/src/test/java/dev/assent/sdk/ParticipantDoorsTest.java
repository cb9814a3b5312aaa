package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assent.protocol.Xid;
import dev.assent.sdk.annotation.GlobalTransactional;
import dev.assent.sdk.annotation.Propagation;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a service may do about a transaction that a call brought, and what of its time the call brings. */
@Timeout(60)
class ParticipantDoorsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String ENDLESS =
            "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.x * b.x < 0";

    private final FakeCluster cluster = new FakeCluster();
    private TestService below;
    private TestService service;
    private Assent client;
    private volatile TestService.Handler handler = (self, text) -> "";

    /** A service whose methods need a transaction. */
    interface Stock {
        @GlobalTransactional(propagation = Propagation.MANDATORY)
        String reserve(String item) throws SQLException;
    }

    @BeforeEach
    void start() throws Exception {
        below = new TestService("below", cluster, (self, text) -> times());
        service = new TestService("service", cluster, (self, text) -> handler.handle(self, text));
        client = Assent.builder("client")
                .coordinators("fake:1")
                .connector(cluster)
                .start();
    }

    @AfterEach
    void stop() {
        client.close();
        service.close();
        below.close();
        cluster.close();
    }

    private String call(String text) {
        return EchoService.say(service.channel(client), text);
    }

    @Test
    void methodThatNeedsATransactionIsServedInsideOneOnly() throws Exception {
        Stock stock = service.assent.proxy(Stock.class, item -> {
            service.insert(item);
            return GlobalTransaction.required().xid().toString();
        });
        handler = (self, text) -> stock.reserve(text);

        assertThatThrownBy(() -> EchoService.say(service.plainChannel(), "plain"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("needs a transaction")
                .hasMessageContaining("assent.clientInterceptor()");
        assertThat(service.committedCount()).isZero();

        Receipt<String> receipt = client.transact(tx -> call("inside"));
        assertThat(receipt.value()).isEqualTo(receipt.xid().toString());
        assertThat(service.committedCount()).isEqualTo(1);
    }

    @Test
    void serviceCanForbidTheCommitThoughItsCallSucceeds() {
        handler = (self, text) -> {
            self.insert(text);
            GlobalTransaction.required().setRollbackOnly("the customer is blocked");
            return "answered";
        };

        assertThatThrownBy(() -> client.run(tx -> assertThat(call("x")).isEqualTo("answered")))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("the customer is blocked");
        await("nothing stands").until(() -> service.committedCount() == 0 && service.assent.branchesOpenCount() == 0);
    }

    @Test
    void initiatorCanForbidTheCommitThoughEveryCallSucceeded() {
        handler = (self, text) -> {
            self.insert(text);
            return "";
        };

        assertThatThrownBy(() -> client.run(tx -> {
                    call("x");
                    tx.setRollbackOnly("too expensive");
                    assertThat(tx.rollbackOnly()).contains("too expensive");
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("too expensive");
        await("nothing stands").until(() -> service.committedCount() == 0 && service.assent.branchesOpenCount() == 0);
    }

    @Test
    void serviceCannotEndWhatItDidNotBegin() {
        handler = (self, text) -> {
            GlobalTransaction.required().commit();
            return "";
        };
        assertThatThrownBy(() -> client.run(tx -> call("x"))).hasMessageContaining("only the process that began");
    }

    // ---- what is left of the time ----

    /** What is left here of the transaction's and of the call's time, in milliseconds. */
    private static String times() {
        Deadline deadline = Context.current().getDeadline();
        return GlobalTransaction.required().remaining().toMillis() + " "
                + (deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS));
    }

    @Test
    void whatIsLeftOfTheTimeoutIsTheDeadlineOfEveryCallBelow() throws Exception {
        handler = (self, text) -> times() + " " + EchoService.say(below.channel(self.assent), text);

        String seen = client.transact(TransactionOptions.timeout(TIMEOUT), tx -> call("x"))
                .value();

        long before = TIMEOUT.toMillis();
        for (String millis : seen.split(" ", -1)) {
            assertThat(Long.parseLong(millis)).as(seen).isBetween(1L, before);
        }
    }

    @Test
    void newTransactionInsideACallHasItsOwnTime() throws Exception {
        TransactionOptions shorter =
                TransactionOptions.timeout(Duration.ofSeconds(5)).propagating(Propagation.REQUIRES_NEW);
        handler = (self, text) -> self.assent
                .transact(shorter, tx -> EchoService.say(below.channel(self.assent), text))
                .value();

        String seen = client.transact(TransactionOptions.timeout(TIMEOUT), tx -> call("x"))
                .value();

        assertThat(Long.parseLong(seen.substring(0, seen.indexOf(' ')))).isBetween(1L, 5_000L);
    }

    @Test
    void callEndsWithItsTransactionsTime() {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        handler = (self, text) -> String.valueOf(end.get());

        assertThatThrownBy(() -> client.run(TransactionOptions.timeout(Duration.ofMillis(300)), tx -> call("x")))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("DEADLINE_EXCEEDED");
        end.complete(true);
    }

    @Test
    void statementOfACallEndsWithItsTransactionsTime() {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        handler = (self, text) -> {
            try (Connection connection = self.db().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeQuery(ENDLESS);
            } catch (SQLException e) {
                ended.complete(e);
                throw e;
            }
            return "";
        };

        assertThatThrownBy(() -> client.run(TransactionOptions.timeout(Duration.ofMillis(400)), tx -> call("x")))
                .isInstanceOf(StatusRuntimeException.class);
        assertThat(ended).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void lockWaitOfACallEndsWithItsTransactionsTime() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        handler = (self, text) -> {
            try {
                self.insert(text);
            } catch (SQLException e) {
                ended.complete(e);
                throw e;
            }
            return "";
        };
        try (Connection blocker = service.pool.getConnection();
                Statement statement = blocker.createStatement()) {
            statement.execute("SET DEFAULT_LOCK_TIMEOUT 60000");
            blocker.setAutoCommit(false);
            statement.execute("INSERT INTO item VALUES ('taken')");

            assertThatThrownBy(
                            () -> client.run(TransactionOptions.timeout(Duration.ofMillis(400)), tx -> call("taken")))
                    .isInstanceOf(StatusRuntimeException.class);
            assertThat(ended).succeedsWithin(Duration.ofSeconds(20));
            blocker.rollback();
        }
    }

    @Test
    void transactionOfAServicesOwnInsideACallCommitsByItself() throws Exception {
        CompletableFuture<Xid> own = new CompletableFuture<>();
        handler = (self, text) -> {
            self.assent.run(TransactionOptions.propagation(Propagation.REQUIRES_NEW), tx -> {
                own.complete(tx.xid());
                self.insert("kept");
            });
            self.insert("lost");
            return "";
        };

        assertThatThrownBy(() -> client.run(tx -> {
                    call("x");
                    throw new IllegalStateException("meant");
                }))
                .hasMessage("meant");

        assertThat(service.committedCount()).isEqualTo(1);
        assertThat(client.outcome(own.join())).contains(dev.assent.protocol.Outcome.COMMITTED);
    }
}
