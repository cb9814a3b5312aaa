package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.sdk.GlobalTransaction;
import dev.assent.sdk.Receipt;
import dev.assent.sdk.TransactionAbortedException;
import dev.assent.sdk.TransactionOptions;
import dev.assent.sdk.annotation.AnswerWhen;
import dev.assent.sdk.annotation.GlobalTransactional;
import dev.assent.sdk.annotation.Propagation;
import dev.assent.testkit.Await;
import dev.assent.testkit.LocalCluster;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What called services may do to a transaction, with three coordinators and two services over a real network. */
@TestInstance(Lifecycle.PER_CLASS)
class ServiceCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LocalCluster cluster;
    private CalledService orders;
    private CalledService stock;
    private Assent initiator;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = LocalCluster.start(directory.resolve("cluster"));
        stock = new CalledService(directory, "stock", cluster.addresses(), this::work);
        orders = new CalledService(directory, "orders", cluster.addresses(), this::work);
        initiator = Assent.connect(cluster.addresses());
    }

    @AfterAll
    void stop() {
        initiator.close();
        orders.close();
        stock.close();
        cluster.close();
    }

    @AfterEach
    void nothingIsLeft() {
        for (CalledService service : new CalledService[] {orders, stock}) {
            Await.that(
                    "connections of " + service.ledger + " are back",
                    PATIENCE,
                    () -> service.ledger.connectionsInUse() == 0);
            Await.that(
                    "evidence of " + service.ledger + " is removed",
                    PATIENCE,
                    () -> service.ledger.evidence().isEmpty());
            assertThat(service.ledger.inDoubt()).isEmpty();
        }
    }

    interface Closing {
        @GlobalTransactional(propagation = Propagation.MANDATORY, lastCall = true)
        void close(String entry) throws SQLException;
    }

    private String work(CalledService self, String[] words) throws Exception {
        switch (words[0]) {
            case "write" -> self.write(words[1]);
            case "fail" -> {
                self.write(words[1]);
                throw new IllegalStateException(words[1] + " is not to be had");
            }
            case "below" -> {
                self.write(words[1]);
                stock.say(self.assent, words[2] + " " + words[3]);
            }
            case "forbid" -> {
                self.write(words[1]);
                GlobalTransaction.required().setRollbackOnly("customer " + words[1] + " is blocked");
            }
            case "last" -> {
                GlobalTransaction.required().lastCall();
                self.write(words[1]);
            }
            case "annotated" -> self.assent.proxy(Closing.class, self::write).close(words[1]);
            case "read" -> {
                GlobalTransaction.required().lastCall();
                Ledger.read(self.db());
            }
            case "swallow" -> {
                assertThatThrownBy(() -> self.write(words[1])).hasMessageContaining("promised to be the last one");
            }
            case "need" -> {
                return GlobalTransaction.required().xid().toString();
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "done";
    }

    // ---- what a service may say about the transaction ----

    @Test
    void serviceThatForbidsTheCommitIsNamedByTheAbort() {
        assertThatThrownBy(() -> initiator.run(tx -> {
                    stock.say(initiator, "write forbidden-1");
                    orders.say(initiator, "forbid forbidden-2");
                }))
                .isInstanceOfSatisfying(
                        TransactionAbortedException.class,
                        e -> assertThat(e.reason()).isEqualTo(AbortCause.Kind.CALL_FAILED))
                .hasMessageContaining("customer forbidden-2 is blocked");

        assertThat(stock.ledger.entries()).doesNotContain("forbidden-1");
        assertThat(orders.ledger.entries()).doesNotContain("forbidden-2");
    }

    @Test
    void methodThatNeedsATransactionSaysSoOutsideOne() throws Exception {
        Receipt<String> inside = initiator.transact(tx -> orders.say(initiator, "need"));
        assertThat(inside.value()).isEqualTo(inside.xid().toString());

        assertThatThrownBy(() -> orders.sayPlainly("need"))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("needs a transaction")
                .hasMessageContaining("assent.clientInterceptor()");
    }

    // ---- attempts ----

    @Test
    void failedAttemptIsUndoneInEveryServiceAndTheRestCommits() throws Exception {
        Receipt<?> receipt = initiator.run(tx -> {
            orders.say(initiator, "write kept-1");
            stock.say(initiator, "write kept-2");
            assertThatThrownBy(() -> tx.attempt(() -> orders.say(initiator, "below lost-1 fail lost-2")))
                    .isInstanceOf(StatusRuntimeException.class);
            stock.say(initiator, "write kept-3");
        });

        assertThat(initiator.outcome(receipt.xid())).contains(Outcome.COMMITTED);
        assertThat(orders.ledger.entries()).contains("kept-1").doesNotContain("lost-1");
        assertThat(stock.ledger.entries()).contains("kept-2", "kept-3").doesNotContain("lost-2");
    }

    @Test
    void transactionWhoseOnlyCallsWereUndoneCommitsNothing() throws Exception {
        Receipt<?> receipt =
                initiator.run(tx -> assertThatThrownBy(() -> tx.attempt(() -> orders.say(initiator, "fail nothing")))
                        .hasMessageContaining("not to be had"));

        assertThat(receipt.isCommitted()).isTrue();
        assertThat(orders.ledger.entries()).doesNotContain("nothing");
    }

    @Test
    void attemptWhoseCallBelowSucceededLetsNothingCommit() {
        assertThatThrownBy(() -> initiator.run(tx -> {
                    orders.say(initiator, "write half-1");
                    assertThatThrownBy(() -> tx.attempt(() -> {
                                stock.say(initiator, "write half-2");
                                orders.say(initiator, "fail half-3");
                            }))
                            .isInstanceOf(StatusRuntimeException.class);
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("was not undone");

        assertThat(orders.ledger.entries()).doesNotContain("half-1", "half-3");
        assertThat(stock.ledger.entries()).doesNotContain("half-2");
    }

    // ---- early votes ----

    @Test
    void branchesOfLastCallsVoteBeforeTheCommitIsAskedFor() throws Exception {
        for (AnswerWhen when : AnswerWhen.values()) {
            Receipt<?> receipt = initiator.run(TransactionOptions.DEFAULT.answeredWhen(when), tx -> {
                orders.say(initiator, "last early-1-" + when);
                stock.say(initiator, "annotated early-2-" + when);
                Await.that(
                        "both are prepared",
                        PATIENCE,
                        () -> orders.ledger.inDoubt().size() == 1
                                && stock.ledger.inDoubt().size() == 1);
            });
            assertThat(initiator.outcome(receipt.xid())).contains(Outcome.COMMITTED);
            Await.that(
                    "both have committed",
                    PATIENCE,
                    () -> orders.ledger.entries().contains("early-1-" + when)
                            && stock.ledger.entries().contains("early-2-" + when));
        }
    }

    @Test
    void branchThatVotedEarlyRollsBackWithItsTransaction() throws Exception {
        GlobalTransaction tx = initiator.begin();
        orders.say(initiator, "last withdrawn-1");
        Await.that("it is prepared", PATIENCE, () -> orders.ledger.inDoubt().size() == 1);
        tx.rollback();

        Await.that(
                "nothing is prepared", PATIENCE, () -> orders.ledger.inDoubt().isEmpty());
        assertThat(orders.ledger.entries()).doesNotContain("withdrawn-1");
    }

    @Test
    void lastCallThatOnlyReadDropsOutOfTheCommit() throws Exception {
        Receipt<?> receipt = initiator.run(tx -> {
            orders.say(initiator, "read");
            stock.say(initiator, "last beside-a-reader");
        });
        assertThat(receipt.pending()).isEmpty();
        assertThat(stock.ledger.entries()).contains("beside-a-reader");
    }

    // Without it: a call that came after all would be lost, or commit in a branch that nobody expects.
    @Test
    void callAfterTheLastOneFailsAndForbidsTheCommit() {
        assertThatThrownBy(() -> initiator.run(tx -> {
                    orders.say(initiator, "last promised");
                    orders.say(initiator, "swallow after-all");
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("promised to be the last one");

        assertThat(orders.ledger.entries()).doesNotContain("promised", "after-all");
    }

    // ---- answers and outcomes ----

    @Test
    void answerOnceAppliedMeansThatEveryBranchCanBeRead() throws Exception {
        Receipt<?> receipt = initiator.run(TransactionOptions.DEFAULT.answeredWhen(AnswerWhen.APPLIED), tx -> {
            orders.say(initiator, "write applied-1");
            stock.say(initiator, "write applied-2");
        });

        assertThat(receipt.pending()).isEmpty();
        assertThat(orders.ledger.entries()).contains("applied-1");
        assertThat(stock.ledger.entries()).contains("applied-2");
    }

    @Test
    void answerOnceDecidedMeansThatEveryBranchWillCommit() throws Exception {
        Receipt<?> receipt = initiator.run(TransactionOptions.DEFAULT.answeredWhen(AnswerWhen.DECIDED), tx -> {
            orders.say(initiator, "write decided-1");
            stock.say(initiator, "write decided-2");
        });

        assertThat(initiator.outcome(receipt.xid())).contains(Outcome.COMMITTED);
        Await.that(
                "both have committed",
                PATIENCE,
                () -> orders.ledger.entries().contains("decided-1")
                        && stock.ledger.entries().contains("decided-2"));
    }

    @Test
    void outcomeIsToldToEverybodyWhoAsks() throws Exception {
        Receipt<?> committed = initiator.run(tx -> {
            orders.say(initiator, "write asked");
            assertThat(stock.assent.outcome(tx.xid())).as("undecided").isEmpty();
        });
        assertThat(stock.assent.outcome(committed.xid())).contains(Outcome.COMMITTED);

        GlobalTransaction dropped = initiator.begin();
        Xid xid = dropped.xid();
        orders.say(initiator, "write dropped");
        dropped.rollback();
        assertThat(stock.assent.outcome(xid)).contains(Outcome.ABORTED);
    }
}
