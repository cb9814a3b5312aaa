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
import dev.assent.sdk.annotation.GlobalTransactional;
import dev.assent.sdk.annotation.Propagation;
import dev.assent.testkit.Await;
import dev.assent.testkit.LocalCluster;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The doors of the SDK over real calls and a real coordinator. */
@TestInstance(Lifecycle.PER_CLASS)
class DoorsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BlockingQueue<String> ran = new LinkedBlockingQueue<>();
    private LocalCluster cluster;
    private Ledger ledger;
    private Assent service;
    private Server server;
    private ManagedChannel channel;
    private Assent initiator;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = LocalCluster.start(directory.resolve("cluster"), 1, 1, UnaryOperator.identity());
        ledger = new Ledger(directory, "ledger");
        service = Assent.builder("ledger")
                .coordinators(cluster.addresses())
                .development(true)
                .resource("ledger-db", ledger.pool())
                .start();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(TextCall.service(this::handle))
                .intercept(service.serverInterceptor())
                .build()
                .start();
        channel = Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
                .build();
        initiator = Assent.connect(cluster.addresses());
    }

    @AfterAll
    void stop() throws Exception {
        TextCall.stop(channel, server);
        initiator.close();
        service.close();
        ledger.close();
        cluster.close();
    }

    private String handle(String text) throws SQLException {
        String[] words = text.split(" ", -1);
        switch (words[0]) {
            case "write" -> write(words[1]);
            case "read" -> Ledger.read(service.dataSource("ledger-db"));
            case "follow" -> {
                Ledger.read(service.dataSource("ledger-db"));
                GlobalTransaction.required().afterCommit(() -> ran.add(words[1]));
            }
            case "write-and-follow" -> {
                GlobalTransaction.required()
                        .afterCommit(
                                () -> ran.add(words[1] + " " + ledger.entries().contains(words[1])));
                write(words[1]);
            }
            case "own" -> service.run(TransactionOptions.propagation(Propagation.REQUIRES_NEW), tx -> write(words[1]));
            case "plain" ->
                service.run(TransactionOptions.propagation(Propagation.NOT_SUPPORTED), tx -> write(words[1]));
            case "forbid" -> GlobalTransaction.required().setRollbackOnly(words[1]);
            default -> throw new IllegalArgumentException(text);
        }
        return GlobalTransaction.current().map(tx -> tx.xid().toString()).orElse("none");
    }

    private void write(String entry) throws SQLException {
        Ledger.write(service.dataSource("ledger-db"), entry);
    }

    private String say(String text) {
        Channel carrying = ClientInterceptors.intercept(channel, initiator.clientInterceptor());
        return TextCall.say(carrying, text);
    }

    interface Checkout {
        @GlobalTransactional(timeout = "10s")
        Xid place(List<String> words);
    }

    @Test
    void annotatedMethodCommitsItsCalls() {
        Checkout checkout = initiator.proxy(Checkout.class, words -> {
            words.forEach(this::say);
            return GlobalTransaction.required().xid();
        });

        Xid xid = checkout.place(List.of("write annotated-1", "write annotated-2"));

        assertThat(ledger.entries()).contains("annotated-1", "annotated-2");
        assertThat(initiator.outcome(xid)).contains(Outcome.COMMITTED);
    }

    // Without it: a cache is emptied before the rows can be seen, and filled again with the old ones.
    @Test
    void participantIsToldOfTheCommitOnceItsOwnBranchHasCommitted() throws Exception {
        initiator.run(tx -> {
            say("write-and-follow followed");
            assertThat(ran).isEmpty();
        });
        assertThat(ran.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("followed true");
    }

    @Test
    void participantThatOnlyReadIsToldOfTheCommit() throws Exception {
        initiator.run(tx -> say("follow reader"));
        assertThat(ran.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("reader");
        Await.that("evidence is removed", PATIENCE, () -> ledger.evidence().isEmpty());
    }

    @Test
    void participantIsToldNothingOfAnAbort() throws Exception {
        assertThatThrownBy(() -> initiator.run(tx -> {
                    say("write-and-follow aborted");
                    say("forbid no-more");
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("no-more");
        Await.that("branch has ended", PATIENCE, () -> ledger.connectionsInUse() == 0);
        initiator.run(tx -> say("follow next"));

        assertThat(ran.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("next");
        assertThat(ledger.entries()).doesNotContain("aborted");
    }

    @Test
    void levelsOfAServiceHoldOverARealCall() {
        assertThatThrownBy(() -> initiator.run(tx -> {
                    assertThat(say("own independent")).isEqualTo(tx.xid().toString());
                    assertThat(say("plain outside")).isEqualTo(tx.xid().toString());
                    say("write whole");
                    throw new IllegalStateException("meant");
                }))
                .hasMessage("meant");

        assertThat(ledger.entries()).contains("independent", "outside").doesNotContain("whole");
    }

    @Test
    void manyAsynchronousTransactionsCommitAtOnce() throws Exception {
        List<CompletableFuture<Receipt<String>>> all = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            String entry = "async-" + i;
            all.add(service.transactAsync(tx -> {
                        write(entry);
                        return CompletableFuture.completedFuture(entry);
                    })
                    .toCompletableFuture());
            // The pool is small, and each transaction holds a connection until it has committed.
            if (i % 4 == 3) {
                for (CompletableFuture<Receipt<String>> each : all) {
                    assertThat(each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).isCommitted())
                            .isTrue();
                }
                all.clear();
            }
        }
        assertThat(ledger.entries()).contains("async-0", "async-47");
    }

    @Test
    void transactionWhoseStageIsNeverCompletedAbortsByItsTimeout() {
        CompletableFuture<Receipt<String>> receipt = service.<String>transactAsync(
                        TransactionOptions.timeout(Duration.ofMillis(500)), tx -> {
                            write("never");
                            return new CompletableFuture<>();
                        })
                .toCompletableFuture();

        assertThatThrownBy(() -> receipt.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        TransactionAbortedException.class,
                        e -> assertThat(e.reason()).isEqualTo(AbortCause.Kind.TIMEOUT));
        Await.that("connections are back", PATIENCE, () -> ledger.connectionsInUse() == 0);
        assertThat(ledger.entries()).doesNotContain("never");
    }

    @Test
    void whoRollsBackAfterTheCoordinatorHasForgottenIsToldItsOwnCause() {
        assertThatThrownBy(() -> service.run(TransactionOptions.timeout(Duration.ofMillis(500)), tx -> {
                    write("too late");
                    Await.that("it was aborted", PATIENCE, () -> ledger.connectionsInUse() == 0);
                    throw new IllegalStateException("the work failed");
                }))
                .isInstanceOfSatisfying(
                        IllegalStateException.class,
                        e -> assertThat(e.getSuppressed())
                                .singleElement()
                                .isInstanceOfSatisfying(
                                        TransactionAbortedException.class,
                                        aborted ->
                                                assertThat(aborted.reason()).isEqualTo(AbortCause.Kind.ROLLED_BACK)));
    }
}
