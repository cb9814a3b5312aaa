package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that follows a commit, where it began and where it only took part. */
@Timeout(60)
class AfterCommitTest {
    private final FakeCluster cluster = new FakeCluster();
    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();
    private TestService shop;
    private TestService stock;

    @BeforeEach
    void start() throws Exception {
        shop = new TestService("shop", cluster, (self, text) -> "");
        stock = new TestService("stock", cluster, this::handle);
    }

    @AfterEach
    void stop() {
        shop.close();
        stock.close();
        cluster.close();
    }

    private String handle(TestService self, String text) throws Exception {
        GlobalTransaction tx = GlobalTransaction.required();
        tx.afterCommit(() -> ran.add(text + " " + visible(self)));
        if (text.equals("write")) {
            self.insert(text);
        } else if (text.equals("read")) {
            read(self);
        }
        return "";
    }

    private static void read(TestService self) throws SQLException {
        try (Connection connection = self.db().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM item")) {
            rows.next();
        }
    }

    private static int visible(TestService self) {
        try {
            return self.committedCount();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String next() throws InterruptedException {
        return String.valueOf(ran.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void initiatorRunsItAfterTheCommitInOrderAndOutsideAnyTransaction() throws Exception {
        shop.assent.run(tx -> {
            tx.afterCommit(() -> ran.add("first " + visible(shop) + GlobalTransaction.current()));
            tx.afterCommit(() -> ran.add("second"));
            shop.insert("x");
            assertThat(ran).isEmpty();
        });

        assertThat(next()).isEqualTo("first 1Optional.empty");
        assertThat(next()).isEqualTo("second");
    }

    @Test
    void participantRunsItOnceItsBranchHasCommitted() throws Exception {
        shop.assent.run(tx -> {
            EchoService.say(stock.channel(shop.assent), "write");
            assertThat(ran).isEmpty();
        });

        assertThat(next()).isEqualTo("write 1");
    }

    // Without it: a branch that only read votes READ_ONLY, drops out, and never hears of the commit.
    @Test
    void branchThatOnlyReadTakesPartForIt() throws Exception {
        shop.assent.run(tx -> EchoService.say(stock.channel(shop.assent), "read"));

        assertThat(next()).isEqualTo("read 0");
    }

    @Test
    void nothingRunsAfterAnAbort() throws Exception {
        assertThatThrownBy(() -> shop.assent.run(tx -> {
                    tx.afterCommit(() -> ran.add("initiator"));
                    EchoService.say(stock.channel(shop.assent), "write");
                    EchoService.say(stock.channel(shop.assent), "read");
                    throw new IllegalStateException("meant");
                }))
                .hasMessage("meant");
        await("branch rolled back").until(() -> stock.assent.branchesOpenCount() == 0);
        // Whatever follows the abort has been given out by then: the executor is asked behind it.
        shop.assent.run(tx -> tx.afterCommit(() -> ran.add("shop is through")));
        stock.assent.run(tx -> tx.afterCommit(() -> ran.add("stock is through")));

        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("shop is through", "stock is through");
        assertThat(ran).isEmpty();
    }

    @Test
    void failureOfTheWorkChangesNothing() throws Exception {
        Receipt<Void> receipt = shop.assent.run(tx -> {
            tx.afterCommit(() -> {
                throw new IllegalStateException("meant");
            });
            tx.afterCommit(() -> ran.add("next"));
        });

        assertThat(receipt.isCommitted()).isTrue();
        assertThat(next()).isEqualTo("next");
    }

    @Test
    void participantWithoutABranchIsRefusedBecauseItWouldNeverHear() {
        assertThatThrownBy(() -> shop.assent.run(tx -> EchoService.say(stock.channel(shop.assent), "nothing")))
                .hasMessageContaining("afterCommit was called")
                .hasMessageContaining("used no resource");
        assertThat(ran).isEmpty();
    }

    @Test
    void commitThatIsHeardOfLateStillRunsIt() throws Exception {
        Assent impatient = Assent.builder("impatient")
                .coordinators("fake:1")
                .connector(cluster)
                .outcomePatience(Duration.ofMillis(200))
                .start();
        try (impatient) {
            assertThatThrownBy(() -> impatient.run(tx -> {
                        tx.afterCommit(() -> ran.add("late"));
                        cluster.fallMute();
                    }))
                    .isInstanceOf(OutcomeUnknownException.class);
            assertThat(ran).isEmpty();
            cluster.speakAgain();
            assertThat(next()).isEqualTo("late");
        }
    }

    @Test
    void outsideAndAfterATransactionItIsRefused() throws Exception {
        GlobalTransaction tx = shop.assent.begin();
        tx.commit();
        assertThatThrownBy(() -> tx.afterCommit(() -> ran.add("never")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("takes no more work");
        assertThatThrownBy(GlobalTransaction::required).isInstanceOf(IllegalStateException.class);
    }
}
