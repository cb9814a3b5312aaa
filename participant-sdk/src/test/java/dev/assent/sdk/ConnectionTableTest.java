package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The rows of the connection table that concern more than one connection's branch, and the table itself: every row of it
 * names the tests that hold it.
 */
@Timeout(60)
class ConnectionTableTest {
    private static final String ENDLESS =
            "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000) a, SYSTEM_RANGE(1, 1000000) b WHERE a.x * b.x < 0";
    private static final Path TABLE = Path.of("..", "docs", "reference", "connections.md");

    private final FakeCluster cluster = new FakeCluster();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestService shop;

    @BeforeEach
    void start() throws Exception {
        shop = new TestService("shop", cluster, (self, text) -> text);
    }

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        shop.close();
        cluster.close();
    }

    // Without it: every first statement of a service pays a round trip to the coordinator before it begins.
    @Test
    void firstUseEnlistsAndTheSqlDoesNotWaitForTheAcknowledgement() throws Exception {
        cluster.holdEnlistments();
        shop.assent.run(tx -> {
            assertThat(shop.assent.branchesOpenCount()).isZero();
            shop.insert("early");
            assertThat(shop.assent.branchesOpenCount()).isEqualTo(1);
            cluster.releaseEnlistments();
        });
        assertThat(shop.committedCount()).isEqualTo(1);
    }

    @Test
    void nestedConnectionsAreHandlesOfOneBranch() throws Exception {
        shop.assent.run(tx -> {
            try (Connection outer = shop.db().getConnection();
                    Statement first = outer.createStatement()) {
                first.execute("INSERT INTO item VALUES ('outer')");
                try (Connection inner = shop.db().getConnection();
                        Statement second = inner.createStatement();
                        ResultSet seen = second.executeQuery("SELECT COUNT(*) FROM item")) {
                    assertThat(inner).isNotSameAs(outer);
                    seen.next();
                    assertThat(seen.getInt(1)).isEqualTo(1);
                }
                first.execute("INSERT INTO item VALUES ('after-the-inner-close')");
            }
            assertThat(shop.assent.branchesOpenCount()).isEqualTo(1);
        });
        assertThat(shop.committedCount()).isEqualTo(2);
    }

    @Test
    void handleIsUsedByAnyThreadOneStatementAtATime() throws Exception {
        shop.assent.run(tx -> {
            try (Connection connection = shop.db().getConnection()) {
                List<CompletableFuture<Void>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String item = "thread-" + i;
                    all.add(CompletableFuture.runAsync(() -> insert(connection, item), threads));
                }
                CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]))
                        .join();
            }
        });
        assertThat(shop.committedCount()).isEqualTo(8);
    }

    private static void insert(Connection connection, String item) {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO item VALUES (?)")) {
            statement.setString(1, item);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void threadWithoutTheTransactionGetsAPlainConnection() throws Exception {
        assertThatThrownBy(() -> shop.assent.run(tx -> {
                    shop.insert("inside");
                    CompletableFuture.runAsync(
                                    () -> {
                                        try (Connection plain = shop.db().getConnection()) {
                                            assertThat(plain.isWrapperFor(org.h2.jdbc.JdbcConnection.class))
                                                    .isTrue();
                                            insert(plain, "outside");
                                        } catch (SQLException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    },
                                    threads)
                            .join();
                    throw new IllegalStateException("meant");
                }))
                .hasMessage("meant");
        await("the branch is rolled back").until(() -> shop.assent.branchesOpenCount() == 0);
        assertThat(shop.committedCount()).isEqualTo(1);
    }

    @Test
    void resultsAreStreamedWhileOtherStatementsOfTheBranchRun() throws Exception {
        shop.assent.run(tx -> {
            try (Connection connection = shop.db().getConnection();
                    Statement reading = connection.createStatement();
                    Statement writing = connection.createStatement()) {
                reading.setFetchSize(2);
                int rows = 0;
                try (ResultSet streamed = reading.executeQuery("SELECT x FROM SYSTEM_RANGE(1, 20)")) {
                    while (streamed.next()) {
                        rows++;
                        writing.execute("INSERT INTO item VALUES ('row-" + streamed.getInt(1) + "')");
                    }
                }
                assertThat(rows).isEqualTo(20);
            }
        });
        assertThat(shop.committedCount()).isEqualTo(20);
    }

    @Test
    void batchThatFailsInTheMiddleIsUndoneByRollback() throws Exception {
        shop.assent.run(tx -> {
            shop.insert("kept");
            tx.attempt(() -> {
                try (Connection connection = shop.db().getConnection();
                        PreparedStatement batch = connection.prepareStatement("INSERT INTO item VALUES (?)")) {
                    connection.setAutoCommit(false);
                    for (String item : List.of("batch-1", "kept", "batch-2")) {
                        batch.setString(1, item);
                        batch.addBatch();
                    }
                    assertThatExceptionOfType(java.sql.BatchUpdateException.class)
                            .isThrownBy(batch::executeBatch);
                    connection.rollback();
                }
            });
        });
        assertThat(shop.committedCount()).isEqualTo(1);
    }

    @Test
    void handleOfAnEndedTransactionSaysWhichOneAndWhy() throws Exception {
        List<Connection> leaked = new ArrayList<>();
        Receipt<?> receipt = shop.assent.run(tx -> {
            leaked.add(shop.db().getConnection());
            shop.insert("kept");
        });
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> leaked.get(0).createStatement())
                .withMessageContaining(receipt.xid().toString())
                .withMessageContaining("take no more calls");
        leaked.get(0).close();
    }

    // Without it: a branch is prepared under a statement of its own, or a commit hangs behind it for ever.
    @Test
    void voteWaitsForARunningStatementAndNamesItWhenItRefuses() throws Exception {
        assertThatThrownBy(() -> shop.assent.run(tx -> {
                    shop.insert("lost");
                    Connection connection = shop.db().getConnection();
                    Statement statement = connection.createStatement();
                    CompletableFuture<Boolean> begun = new CompletableFuture<>();
                    threads.execute(() -> {
                        begun.complete(true);
                        try {
                            statement.executeQuery(ENDLESS);
                        } catch (SQLException e) {
                            begun.completeExceptionally(e);
                        }
                    });
                    begun.join();
                    await("it runs").until(() -> isBusy(connection));
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("still ran")
                .hasMessageContaining("SYSTEM_RANGE");
        await("the branch is rolled back").until(() -> shop.assent.branchesOpenCount() == 0);
        assertThat(shop.committedCount()).isZero();
    }

    /** A second call on the connection has to wait. */
    private boolean isBusy(Connection connection) {
        CompletableFuture<Boolean> asked = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return connection.getAutoCommit();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                threads);
        return asked.completeOnTimeout(false, 200, TimeUnit.MILLISECONDS).join().equals(false);
    }

    // ---- the table ----

    // Without it: the table promises what nothing holds, or what was renamed long ago.
    @Test
    void everyRowOfTheTableNamesTestsThatExist() throws IOException {
        List<String> rows = Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| call") && !line.startsWith("|---"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(15);
        Pattern named = Pattern.compile("`([A-Z][A-Za-z]+Test)\\.([a-zA-Z]+)`");
        for (String row : rows) {
            Matcher tests = named.matcher(row);
            int count = 0;
            while (tests.find()) {
                assertThat(exists(tests.group(1), tests.group(2)))
                        .as("%s.%s, which holds: %s", tests.group(1), tests.group(2), row)
                        .isTrue();
                count++;
            }
            assertThat(count).as("tests that hold: %s", row).isPositive();
        }
    }

    private static boolean exists(String test, String method) {
        for (String where : List.of("dev.assent.sdk.", "dev.assent.sdk.internal.jdbc.")) {
            try {
                Class<?> type = Class.forName(where + test);
                return Arrays.stream(type.getDeclaredMethods())
                        .map(Method::getName)
                        .anyMatch(method::equals);
            } catch (ClassNotFoundException e) {
                continue;
            }
        }
        return false;
    }
}
