package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Xid;
import dev.assent.sdk.annotation.Propagation;
import io.grpc.StatusRuntimeException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** Work of a transaction on other threads. */
@Timeout(60)
class HandoverTest {
    private final FakeCluster cluster = new FakeCluster();
    private final ExecutorService one = Executors.newSingleThreadExecutor();
    private TestService shop;

    @BeforeEach
    void start() throws Exception {
        shop = new TestService("shop", cluster, (self, text) -> seen());
    }

    @AfterEach
    void stop() {
        one.shutdownNow();
        MDC.remove("user");
        shop.close();
        cluster.close();
    }

    private static String seen() {
        return GlobalTransaction.current().map(tx -> tx.xid().toString()).orElse("none") + " " + MDC.get("xid") + " "
                + MDC.get("user");
    }

    private Callable<String> insert(String item) {
        return () -> {
            shop.insert(item);
            return seen();
        };
    }

    @Test
    void wrappedWorkIsInTheTransactionAndInItsLogContext() throws Exception {
        MDC.put("user", "ann");
        Receipt<String> receipt = shop.assent.transact(
                tx -> one.submit(tx.wrap(insert("elsewhere"))).get());

        assertThat(receipt.value()).isEqualTo(receipt.xid() + " " + receipt.xid() + " ann");
        assertThat(shop.committedCount()).isEqualTo(1);
        assertThat(one.submit(HandoverTest::seen).get())
                .as("the thread afterwards")
                .isEqualTo("none null null");
    }

    @Test
    void runnablesAndSuppliersAreWrappedAsWell() throws Exception {
        shop.assent.run(tx -> {
            String here = seen();
            CompletableFuture<String> there = new CompletableFuture<>();
            one.submit(tx.wrap(() -> {
                        there.complete(seen());
                    }))
                    .get();
            assertThat(there.join()).isEqualTo(here);
            assertThat(CompletableFuture.supplyAsync(tx.wrapSupplier(HandoverTest::seen), one)
                            .get())
                    .isEqualTo(here);
        });
    }

    @Test
    void callOfWrappedWorkCarriesTheTransaction() throws Exception {
        Receipt<String> receipt =
                shop.assent.transact(tx -> one.submit(tx.wrap(() -> EchoService.say(shop.channel(shop.assent), "")))
                        .get());

        assertThat(receipt.value()).startsWith(receipt.xid().toString());
    }

    // Without it: the commit takes the half that is done, and the rest of the work fails or is done alone.
    @Test
    void workThatStillRunsForbidsTheCommitAndIsNamed() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);

        TransactionAbortedException aborted = catchThrowableOfType(
                TransactionAbortedException.class,
                () -> shop.assent.run(tx -> {
                    shop.insert("half");
                    Future<?> unused = one.submit(tx.wrap(() -> {
                        running.countDown();
                        return end.getCount() == 0 || awaited(end);
                    }));
                    assertThat(awaited(running)).isTrue();
                }));
        end.countDown();

        assertThat(aborted.reason()).isEqualTo(AbortCause.Kind.CALL_FAILED);
        assertThat(aborted)
                .hasMessageContaining("HandoverTest.lambda")
                .hasMessageContaining("HandoverTest.java:")
                .hasMessageContaining("is still running");
        assertThat(shop.committedCount()).isZero();
    }

    private static boolean awaited(CountDownLatch latch) throws InterruptedException {
        return latch.await(20, TimeUnit.SECONDS);
    }

    @Test
    void workThatFailedForbidsTheCommitThoughNobodyLooked() {
        assertThatThrownBy(() -> shop.assent.run(tx -> {
                    assertThatThrownBy(() -> one.submit(tx.wrap((Callable<String>) () -> {
                                        throw new SQLException("no such table");
                                    }))
                                    .get())
                            .hasCauseInstanceOf(SQLException.class);
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("no such table");
    }

    @Test
    void wrappedWorkThatComesTooLateIsRefusedWithTheReason() throws Exception {
        CompletableFuture<Callable<String>> wrapped = new CompletableFuture<>();
        Xid xid =
                shop.assent.run(tx -> wrapped.complete(tx.wrap(insert("late")))).xid();

        assertThatThrownBy(() -> one.submit(wrapped.join()).get())
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(xid.toString())
                .hasMessageContaining("comes too late")
                .hasMessageContaining("HandoverTest.java:");
        assertThat(shop.committedCount()).isZero();
    }

    @Test
    void executorCarriesTheTransactionOfWhoeverGivesTheWork() throws Exception {
        ExecutorService carrying = shop.assent.wrap(one);
        Receipt<String> receipt = shop.assent.transact(tx -> {
            List<Future<String>> all = carrying.invokeAll(List.of(insert("a"), insert("b")));
            CompletableFuture.runAsync(() -> insertQuietly("c"), shop.assent.wrap((Executor) one))
                    .get();
            return all.get(1).get();
        });

        assertThat(receipt.value()).startsWith(receipt.xid().toString());
        assertThat(shop.committedCount()).isEqualTo(3);
        assertThat(carrying.submit(HandoverTest::seen).get()).isEqualTo("none null null");
    }

    private void insertQuietly(String item) {
        try {
            shop.insert(item);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // Without it: a transaction commits without the work that waits in a queue.
    @Test
    void workInTheQueueForbidsTheCommitAndNeverRunsAlone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Future<Boolean> busy = one.submit(() -> awaited(end));
        CompletableFuture<Future<String>> queued = new CompletableFuture<>();
        CompletableFuture<Throwable> raw = new CompletableFuture<>();

        assertThatThrownBy(() -> shop.assent.run(tx -> {
                    queued.complete(shop.assent.wrap(one).submit(insert("late")));
                    shop.assent.wrap((Executor) one).execute(() -> {
                        try {
                            shop.insert("later");
                        } catch (SQLException e) {
                            raw.complete(e);
                        }
                    });
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("work that was given to an executor at HandoverTest")
                .hasMessageContaining("is still running");
        end.countDown();

        assertThat(busy.get()).isTrue();
        assertThatThrownBy(() -> queued.join().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("too late");
        assertThat(raw.get()).isInstanceOf(SQLException.class).hasMessageContaining("takes no more work");
        assertThat(shop.committedCount()).isZero();
    }

    @Test
    void workThatWasCancelledBeforeItRanForbidsNothing() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Future<Boolean> busy = one.submit(() -> awaited(end));

        Receipt<Boolean> receipt = shop.assent.transact(
                tx -> shop.assent.wrap(one).submit(insert("never")).cancel(true));
        end.countDown();

        assertThat(receipt.value()).isTrue();
        assertThat(receipt.isCommitted()).isTrue();
        assertThat(busy.get()).isTrue();
    }

    @Test
    void workThatTheExecutorRefusesForbidsNothing() throws Exception {
        one.shutdown();
        Receipt<Boolean> receipt = shop.assent.transact(tx -> {
            assertThatThrownBy(() -> shop.assent.wrap(one).submit(insert("never")))
                    .isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> shop.assent.wrap((Executor) one).execute(() -> {}))
                    .isInstanceOf(RejectedExecutionException.class);
            return true;
        });

        assertThat(receipt.isCommitted()).isTrue();
    }

    @Test
    void workOutsideTheTransactionIsCarriedAsSuch() throws Exception {
        shop.assent.run(tx -> {
            String suspended = shop.assent
                    .transact(
                            TransactionOptions.propagation(Propagation.NOT_SUPPORTED),
                            none -> one.submit(none.wrap(insert("plain"))).get())
                    .value();
            assertThat(suspended).isEqualTo("none null null");
            assertThat(shop.committedCount()).isEqualTo(1);
        });
    }

    @Test
    void workThatRunsWhenACallIsAnsweredForbidsTheCommitOfItsCaller() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        TestService other = new TestService("other", cluster, (self, text) -> {
            CountDownLatch running = new CountDownLatch(1);
            Future<?> unused = one.submit(GlobalTransaction.required().wrap(() -> {
                running.countDown();
                return awaited(end);
            }));
            assertThat(awaited(running)).isTrue();
            return "answered";
        });
        try (other) {
            assertThatThrownBy(() -> shop.assent.transact(tx -> EchoService.say(other.channel(shop.assent), "")))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("work that was wrapped at HandoverTest")
                    .hasMessageContaining("is still running");
        } finally {
            end.countDown();
        }
    }
}
