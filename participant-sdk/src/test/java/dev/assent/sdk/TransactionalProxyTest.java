package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Xid;
import dev.assent.sdk.annotation.GlobalTransactional;
import dev.assent.sdk.annotation.Propagation;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The annotation door. */
@Timeout(60)
class TransactionalProxyTest {
    private final FakeCluster cluster = new FakeCluster();
    private TestService shop;

    @BeforeEach
    void start() throws Exception {
        shop = new TestService("shop", cluster, (self, text) -> text);
    }

    @AfterEach
    void stop() {
        shop.close();
        cluster.close();
    }

    interface Checkout {
        @GlobalTransactional(timeout = "10s")
        Xid place(String item) throws IOException;

        Duration quick() throws IOException;

        @GlobalTransactional(propagation = Propagation.MANDATORY)
        void reserve(String item);

        @GlobalTransactional
        CompletionStage<Xid> placeLater(String item, CompletionStage<?> until);

        boolean isInTransaction();
    }

    private final class ShopCheckout implements Checkout {
        private final Exception failure;

        ShopCheckout(Exception failure) {
            this.failure = failure;
        }

        @Override
        public Xid place(String item) throws IOException {
            reserve(item);
            if (failure instanceof IOException checked) {
                throw checked;
            } else if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            return GlobalTransaction.required().xid();
        }

        @Override
        @GlobalTransactional(timeout = "300 ms")
        public Duration quick() {
            return GlobalTransaction.required().remaining();
        }

        @Override
        public void reserve(String item) {
            try {
                shop.insert(item);
            } catch (java.sql.SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public CompletionStage<Xid> placeLater(String item, CompletionStage<?> until) {
            reserve(item);
            Xid xid = GlobalTransaction.required().xid();
            return until.thenApply(any -> xid);
        }

        @Override
        public boolean isInTransaction() {
            return GlobalTransaction.current().isPresent();
        }

        @Override
        public String toString() {
            return "the shop's checkout";
        }
    }

    private Checkout checkout(Exception failure) {
        return shop.assent.proxy(Checkout.class, new ShopCheckout(failure));
    }

    private Checkout checkout() {
        return checkout(new Exception("none"));
    }

    @Test
    void annotatedMethodCommitsWhenItReturns() throws Exception {
        Xid xid = checkout().place("one");

        assertThat(shop.committedCount()).isEqualTo(1);
        assertThat(shop.assent.outcome(xid)).contains(dev.assent.protocol.Outcome.COMMITTED);
        assertThat(checkout().isInTransaction()).isFalse();
    }

    @Test
    void annotationOfTheClassCountsAsWell() throws Exception {
        assertThat(checkout().quick()).isBetween(Duration.ZERO, Duration.ofMillis(300));
    }

    @Test
    void exceptionsComeOutAsTheyAreWithTheAbortAttached() throws Exception {
        for (Exception own : List.of(new IOException("checked"), new IllegalStateException("unchecked"))) {
            assertThatThrownBy(() -> checkout(own).place("lost")).isSameAs(own);
            assertThat(own.getSuppressed()).hasSize(1);
            assertThat(own.getSuppressed()[0])
                    .isInstanceOf(TransactionAbortedException.class)
                    .hasMessageContaining(own.getMessage());
        }
        assertThat(shop.committedCount()).isZero();
    }

    @Test
    void abortOfWorkThatReturnedComesOutAsItIs() {
        Checkout spoilt = shop.assent.proxy(
                Checkout.class,
                new ShopCheckoutThat(() -> GlobalTransaction.required().setRollbackOnly("no more")));

        TransactionAbortedException aborted =
                catchThrowableOfType(TransactionAbortedException.class, () -> spoilt.place("x"));

        assertThat(aborted.reason()).isEqualTo(AbortCause.Kind.CALL_FAILED);
        assertThat(aborted).hasMessageContaining("no more");
    }

    private record ShopCheckoutThat(Runnable work) implements Checkout {
        @Override
        public Xid place(String item) {
            work.run();
            return GlobalTransaction.required().xid();
        }

        @Override
        public Duration quick() {
            return Duration.ZERO;
        }

        @Override
        public void reserve(String item) {
            work.run();
        }

        @Override
        public CompletionStage<Xid> placeLater(String item, CompletionStage<?> until) {
            return CompletableFuture.failedFuture(new IOException(item));
        }

        @Override
        public boolean isInTransaction() {
            return false;
        }
    }

    @Test
    void mandatoryMethodIsRefusedOutsideAndSaysWhatToDo() throws Exception {
        assertThatThrownBy(() -> checkout().reserve("alone"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("assent.transact(…)")
                .hasMessageContaining("clientInterceptor");
        shop.assent.run(tx -> checkout().reserve("inside"));

        assertThat(shop.committedCount()).isEqualTo(1);
    }

    @Test
    void methodThatReturnsAStageCommitsWhenThatCompletes() throws Exception {
        CompletableFuture<String> until = new CompletableFuture<>();
        CompletableFuture<Xid> placed = checkout().placeLater("later", until).toCompletableFuture();
        assertThat(placed).isNotDone();
        assertThat(shop.committedCount()).isZero();

        until.complete("now");

        assertThat(shop.assent.outcome(placed.get())).contains(dev.assent.protocol.Outcome.COMMITTED);
        assertThat(shop.committedCount()).isEqualTo(1);
    }

    @Test
    void stageThatFailsRollsBackAndFailsWithTheSame() {
        IOException own = new IOException("later");
        CompletableFuture<Xid> placed = checkout()
                .placeLater("lost", CompletableFuture.failedFuture(own))
                .toCompletableFuture();

        assertThatThrownBy(placed::get).isInstanceOf(ExecutionException.class).hasCause(own);
        assertThat(own.getSuppressed()).hasSize(1);
    }

    @Test
    void methodsOfObjectAreTheTargets() {
        ShopCheckout target = new ShopCheckout(new Exception("none"));
        Checkout proxy = shop.assent.proxy(Checkout.class, target);

        assertThat(proxy).hasToString("the shop's checkout").isEqualTo(proxy).hasSameHashCodeAs(target);
        assertThat(proxy).isEqualTo(shop.assent.proxy(Checkout.class, target)).isNotEqualTo(checkout());
        assertThat(new HashSet<>(Set.of(proxy))).contains(proxy);
    }

    interface Handler<T> {
        void on(T what);
    }

    @Test
    void lambdaAndGenericInterfacesCanBeProxied() throws Exception {
        Handler<String> handler = new Handler<>() {
            @Override
            @GlobalTransactional
            public void on(String what) {
                assertThat(GlobalTransaction.current()).isPresent();
            }
        };
        Handler<?> unused = handler;
        @SuppressWarnings("unchecked")
        Handler<String> proxy = shop.assent.proxy(Handler.class, handler);
        proxy.on("x");

        assertThatThrownBy(() -> shop.assent.proxy(Runnable.class, () -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("No method is annotated");
    }

    interface Wrong {
        @GlobalTransactional(timeout = "10")
        void unitless();

        @GlobalTransactional(timeout = "20min")
        void tooLong();

        @GlobalTransactional
        Future<String> future();

        @GlobalTransactional(timeout = "1s")
        void twice();

        @GlobalTransactional
        static void stateless() {}
    }

    @SuppressWarnings({"UnusedMethod", "EffectivelyPrivate"})
    private static class VeryWrong implements Wrong {
        @Override
        public void unitless() {}

        @Override
        public void tooLong() {}

        @Override
        public Future<String> future() {
            return CompletableFuture.completedFuture("");
        }

        @Override
        @GlobalTransactional(timeout = "2s")
        public void twice() {}

        @GlobalTransactional
        public void elsewhere() {}

        @GlobalTransactional
        private void hidden() {}
    }

    @Test
    void everyMistakeIsSaidAtOnce() {
        ConfigurationException wrong = catchThrowableOfType(
                ConfigurationException.class, () -> shop.assent.proxy(Wrong.class, new VeryWrong()));

        assertThat(wrong.problems()).hasSize(7);
        assertThat(wrong)
                .hasMessageContaining("Wrong.unitless(…) has timeout = \"10\"")
                .hasMessageContaining(
                        "Wrong.tooLong(…) has timeout = \"20min\" (timeout must be from 10 ms to 10 min, not"
                                + " PT20M). Write a whole number and a unit (ms, s, min),"
                                + " from 10ms to 10min, as in \"10s\".")
                .hasMessageContaining("Wrong.future(…) returns a Future")
                .hasMessageContaining("Wrong.twice(…) is annotated in Wrong and in VeryWrong")
                .hasMessageContaining("Wrong.stateless(…) is static")
                .hasMessageContaining("VeryWrong.elsewhere(…) is no method of Wrong")
                .hasMessageContaining("VeryWrong.hidden(…) is private");
    }

    @Test
    void classIsRefusedAndSaysWhy() {
        assertThatThrownBy(() -> shop.assent.proxy(VeryWrong.class, new VeryWrong()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("VeryWrong is a class")
                .hasMessageContaining("hidden");
    }
}
