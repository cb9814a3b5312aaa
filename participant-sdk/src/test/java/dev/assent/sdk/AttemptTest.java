package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assent.sdk.annotation.GlobalTransactional;
import dev.assent.sdk.annotation.Propagation;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that may fail without its transaction. */
@Timeout(60)
class AttemptTest {
    private final FakeCluster cluster = new FakeCluster();
    private final List<String> followed = new ArrayList<>();
    private TestService below;
    private TestService shop;
    private TestService client;

    interface Coupons {
        @GlobalTransactional(propagation = Propagation.MANDATORY)
        void redeem(String code) throws SQLException;
    }

    @BeforeEach
    void start() throws Exception {
        below = new TestService("below", cluster, AttemptTest::work);
        shop = new TestService("shop", cluster, this::serve);
        client = new TestService("client", cluster, (self, text) -> text);
    }

    @AfterEach
    void stop() {
        client.close();
        shop.close();
        below.close();
        cluster.close();
    }

    /** Inserts what it is told, and fails then if told so. */
    private static String work(TestService self, String text) throws SQLException {
        self.insert(text.replace("!", ""));
        return failIfTold(text);
    }

    private static String failIfTold(String text) {
        if (text.endsWith("!")) {
            throw new IllegalStateException("no " + text);
        }
        return text;
    }

    private String serve(TestService self, String text) throws Exception {
        String[] words = text.split(" ", -1);
        switch (words[0]) {
            case "thrown" -> {
                // Out of the handler, past the answer: TestService answers only exceptions of its handlers.
                self.insert(words[1]);
                throw new AssertionError("thrown");
            }
            case "annotated" -> {
                Coupons coupons = self.assent.proxy(Coupons.class, code -> work(self, code));
                coupons.redeem(words[1]);
            }
            case "unit" -> {
                try (Connection connection = self.db().getConnection();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    statement.execute("INSERT INTO item VALUES ('" + words[1] + "')");
                    connection.rollback();
                }
                failIfTold(text);
            }
            case "below" -> {
                self.insert(words[1]);
                EchoService.say(below.channel(self.assent), words[2]);
                failIfTold(text);
            }
            case "swallow" -> {
                self.insert(words[1]);
                try {
                    EchoService.say(below.channel(self.assent), words[2]);
                } catch (StatusRuntimeException e) {
                    return "swallowed";
                }
            }
            case "attempt" -> {
                self.insert(words[1]);
                assertThatThrownBy(() -> GlobalTransaction.required()
                                .attempt(() -> EchoService.say(below.channel(self.assent), words[2])))
                        .isInstanceOf(StatusRuntimeException.class);
                failIfTold(words.length > 3 ? words[3] : "");
            }
            case "follow" -> {
                self.insert(words[1].replace("!", ""));
                GlobalTransaction.required().afterCommit(() -> followed.add(words[1]));
                failIfTold(text);
            }
            default -> work(self, words[0]);
        }
        return "done";
    }

    private String say(String text) {
        return EchoService.say(shop.channel(client.assent), text);
    }

    private void failing(GlobalTransaction tx, String text) {
        assertThatThrownBy(() -> tx.attempt(() -> say(text))).isInstanceOf(StatusRuntimeException.class);
    }

    private void assertStands(TestService service, int count) {
        await("what stands in " + service).untilAsserted(() -> {
            assertThat(service.committedCount()).isEqualTo(count);
            assertThat(service.assent.branchesOpenCount()).isZero();
        });
    }

    // ---- what is undone ----

    @Test
    void failedAttemptIsUndoneAndTheRestCommits() throws Exception {
        client.assent.run(tx -> {
            say("before");
            failing(tx, "lost!");
            assertThat(tx.rollbackOnly()).isEmpty();
            say("after");
        });
        assertStands(shop, 2);
    }

    @Test
    void callThatFailedOutsideAnyAttemptForbidsTheCommit() throws Exception {
        assertThatThrownBy(() -> client.assent.run(tx -> {
                    say("before");
                    assertThatThrownBy(() -> say("lost!")).isInstanceOf(StatusRuntimeException.class);
                }))
                .isInstanceOf(TransactionAbortedException.class);
        assertStands(shop, 0);
    }

    @Test
    void branchOfWhichNothingIsLeftTakesNoPartInTheCommit() throws Exception {
        client.assent.run(tx -> {
            client.insert("own");
            failing(tx, "lost!");
        });
        assertStands(client, 1);
        assertStands(shop, 0);
    }

    @Test
    void successfulAttemptCommitsWithTheRest() throws Exception {
        Receipt<String> receipt = client.assent.transact(tx -> tx.attempt(() -> say("kept")));
        assertThat(receipt.value()).isEqualTo("done");
        assertStands(shop, 1);
    }

    @Test
    void handlerThatThrowsIsUndoneAsWell() throws Exception {
        client.assent.run(tx -> {
            say("before");
            failing(tx, "thrown x");
        });
        assertStands(shop, 1);
    }

    @Test
    void annotatedMethodThatFailsInACallIsUndoneWithIt() throws Exception {
        client.assent.run(tx -> {
            say("before");
            failing(tx, "annotated x!");
        });
        assertStands(shop, 1);
    }

    @Test
    void unitThatAServiceRollsBackBeforeItFailsIsForgiven() throws Exception {
        client.assent.run(tx -> {
            say("before");
            failing(tx, "unit x!");
        });
        assertStands(shop, 1);
    }

    @Test
    void unitThatAServiceRollsBackThoughItSucceedsForbidsTheCommit() {
        assertThatThrownBy(() -> client.assent.run(tx -> tx.attempt(() -> say("unit x"))))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("rolled back by the application");
    }

    @Test
    void ownWorkInAFailedAttemptIsUndoneAndEarlierWorkStands() throws Exception {
        client.assent.run(tx -> {
            client.insert("kept");
            try (Connection around = client.db().getConnection();
                    Statement statement = around.createStatement()) {
                around.setAutoCommit(false);
                statement.execute("INSERT INTO item VALUES ('around-1')");
                assertThatThrownBy(() -> tx.attempt(() -> {
                            client.insert("lost-1");
                            statement.execute("INSERT INTO item VALUES ('lost-2')");
                            throw new IllegalStateException("meant");
                        }))
                        .hasMessage("meant");
                statement.execute("INSERT INTO item VALUES ('around-2')");
                around.commit();
            }
        });
        assertStands(client, 3);
    }

    @Test
    void ownUnitRolledBackInsideAnAttemptForbidsNothing() throws Exception {
        client.assent.run(tx -> {
            client.insert("kept");
            tx.attempt(() -> {
                try (Connection connection = client.db().getConnection();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    statement.execute("INSERT INTO item VALUES ('lost')");
                    connection.rollback();
                }
            });
        });
        assertStands(client, 1);
    }

    @Test
    void attemptsLieInsideEachOther() throws Exception {
        client.assent.run(tx -> {
            client.insert("kept");
            tx.attempt(() -> {
                client.insert("outer");
                assertThatThrownBy(() -> tx.attempt(() -> {
                            client.insert("inner");
                            throw new IllegalStateException("meant");
                        }))
                        .hasMessage("meant");
            });
            assertThatThrownBy(() -> tx.attempt(() -> {
                        client.insert("outer-2");
                        tx.attempt(() -> client.insert("inner-2"));
                        throw new IllegalStateException("meant");
                    }))
                    .hasMessage("meant");
        });
        assertStands(client, 2);
    }

    @Test
    void whatWasToFollowTheCommitGoesWithTheAttempt() throws Exception {
        client.assent.run(tx -> {
            say("before");
            failing(tx, "follow shop!");
            assertThatThrownBy(() -> tx.attempt(() -> {
                        tx.afterCommit(() -> followed.add("client"));
                        throw new IllegalStateException("meant");
                    }))
                    .hasMessage("meant");
            say("follow kept");
        });
        await("what follows").untilAsserted(() -> assertThat(followed).containsExactly("kept"));
        assertStands(shop, 2);
    }

    @Test
    void workOnAnotherThreadIsUndoneWithTheAttemptThatGaveIt() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        ExecutorService carrying = client.assent.wrap(threads);
        client.assent.run(tx -> {
            client.insert("kept");
            assertThatThrownBy(() -> tx.attempt(() -> CompletableFuture.runAsync(
                                    () -> {
                                        insertIn(client, "lost");
                                        throw new IllegalStateException("meant");
                                    },
                                    carrying)
                            .join()))
                    .isInstanceOf(CompletionException.class);
        });
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertStands(client, 1);
    }

    private static void insertIn(TestService service, String item) {
        try {
            service.insert(item);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- over several services ----

    @Test
    void callBelowThatFailedIsUndoneWithTheCallThatFailedByIt() throws Exception {
        client.assent.run(tx -> {
            say("before");
            failing(tx, "below x y!");
        });
        assertStands(shop, 1);
        assertStands(below, 0);
    }

    @Test
    void callBelowThatSucceededCannotBeUndone() throws Exception {
        assertThatThrownBy(() -> client.assent.run(tx -> {
                    say("before");
                    failing(tx, "below x y x!");
                }))
                .isInstanceOf(TransactionAbortedException.class);
        assertStands(shop, 0);
        assertStands(below, 0);
    }

    @Test
    void serviceThatSwallowsTheFailureOfACallBelowCannotCommitHalf() throws Exception {
        assertThatThrownBy(() -> client.assent.run(tx -> tx.attempt(() -> say("swallow x y!"))))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("test.Echo/Say failed");
        assertStands(shop, 0);
    }

    @Test
    void attemptOfAServiceIsUndoneAloneOrWithItsCall() throws Exception {
        client.assent.run(tx -> {
            say("attempt kept y!");
            failing(tx, "attempt lost z! !");
        });
        assertStands(shop, 1);
        assertStands(below, 0);
    }

    @Test
    void callThatSucceededBeforeTheAttemptFailedForbidsTheCommit() throws Exception {
        assertThatThrownBy(() -> client.assent.run(tx -> {
                    assertThatThrownBy(() -> tx.attempt(() -> {
                                say("stands");
                                throw new IllegalStateException("meant");
                            }))
                            .hasMessage("meant");
                    assertThat(tx.rollbackOnly())
                            .hasValueSatisfying(
                                    why -> assertThat(why).contains("meant").contains("had succeeded"));
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("was not undone");
        assertStands(shop, 0);
    }

    @Test
    void workThatOverlappedWithTheAttemptIsNotUndoneWithIt() throws Exception {
        CompletableFuture<String> inside = new CompletableFuture<>();
        CompletableFuture<String> other = new CompletableFuture<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        assertThatThrownBy(() -> client.assent.run(tx -> {
                    client.insert("before");
                    CompletableFuture<Void> beside = CompletableFuture.runAsync(
                            tx.wrap(() -> {
                                inside.join();
                                insertIn(client, "beside");
                                other.complete("done");
                            }),
                            threads);
                    assertThatThrownBy(() -> tx.attempt(() -> {
                                client.insert("attempted");
                                inside.complete("inside");
                                other.join();
                                throw new IllegalStateException("meant");
                            }))
                            .hasMessage("meant");
                    beside.join();
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("overlapped");
        threads.shutdown();
        assertStands(client, 0);
    }

    @Test
    void setRollbackOnlyIsNotUndone() {
        assertThatThrownBy(() -> client.assent.run(tx -> assertThatThrownBy(() -> tx.attempt(() -> {
                            tx.setRollbackOnly("no more");
                            throw new IllegalStateException("meant");
                        }))
                        .hasMessage("meant")))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("no more");
    }

    @Test
    void attemptWithoutATransactionIsRefused() {
        assertThatThrownBy(() -> client.assent.run(
                        TransactionOptions.propagation(Propagation.NOT_SUPPORTED), tx -> tx.attempt(() -> "x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs in no transaction");
    }
}
