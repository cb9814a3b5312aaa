package dev.assent.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The asynchronous door, and the ends of the manual one that nobody waits for. */
@Timeout(60)
class AsyncTest {
    private final FakeCluster cluster = new FakeCluster();
    private TestService shop;

    @BeforeEach
    void start() throws Exception {
        shop = new TestService("shop", cluster, (self, text) -> "");
    }

    @AfterEach
    void stop() {
        shop.close();
        cluster.close();
    }

    private CompletableFuture<Receipt<String>> place(String item, CompletionStage<String> until) {
        return shop.assent
                .transactAsync(tx -> {
                    shop.insert(item);
                    return until;
                })
                .toCompletableFuture();
    }

    @Test
    void transactionCommitsWhenTheStageCompletes() throws Exception {
        CompletableFuture<String> until = new CompletableFuture<>();
        CompletableFuture<Receipt<String>> receipt = place("x", until);
        assertThat(GlobalTransaction.current()).as("the thread afterwards").isEmpty();
        assertThat(receipt).isNotDone();
        assertThat(shop.committedCount()).isZero();

        until.complete("value");

        assertThat(receipt.get().value()).isEqualTo("value");
        assertThat(receipt.get().isCommitted()).isTrue();
        assertThat(shop.assent.outcome(receipt.get().xid())).contains(Outcome.COMMITTED);
        assertThat(shop.committedCount()).isEqualTo(1);
    }

    @Test
    void failureOfTheStageRollsBackAndIsKept() throws Exception {
        IOException own = new IOException("own");
        CompletableFuture<Receipt<String>> receipt = place(
                "x", CompletableFuture.completedFuture("").thenCompose(any -> CompletableFuture.failedFuture(own)));

        assertThatThrownBy(receipt::get).isInstanceOf(ExecutionException.class).hasCause(own);
        assertThat(own.getSuppressed()).hasSize(1);
        assertThat(own.getSuppressed()[0]).isInstanceOf(TransactionAbortedException.class);
        assertThat(shop.committedCount()).isZero();
    }

    @Test
    void stagesFailUnwrapped() {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        IOException own = new IOException("own");
        CompletionStage<Receipt<String>> unused = shop.assent
                .<String>transactAsync(tx -> {
                    throw own;
                })
                .whenComplete((receipt, failure) -> seen.complete(failure));

        assertThat(seen.join()).isSameAs(own);
    }

    // Without it: whoever waits for the outcome waits for ever, though the transaction is long aborted.
    @Test
    void stageThatIsNeverCompletedEndsWithTheTimeout() {
        CompletableFuture<Receipt<String>> receipt = shop.assent
                .<String>transactAsync(TransactionOptions.timeout(Duration.ofMillis(200)), tx -> {
                    shop.insert("x");
                    return new CompletableFuture<>();
                })
                .toCompletableFuture();

        assertThatThrownBy(() -> receipt.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        TransactionAbortedException.class,
                        e -> assertThat(e.reason()).isEqualTo(AbortCause.Kind.TIMEOUT))
                .hasMessageContaining("the stage of its work");
        await("branch rolled back").until(() -> shop.assent.branchesOpenCount() == 0);
    }

    // Without it: one blocking callback stops the sessions, and with them every transaction of the process.
    @Test
    void callbackThatBlocksHoldsUpNoOtherTransaction() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CompletableFuture<String> blocked = new CompletableFuture<>();
        GlobalTransaction tx = shop.assent.begin();
        shop.insert("first");
        // Depends on the end before that is known, so that it runs wherever the end becomes known.
        cluster.fallMute();
        CompletionStage<List<BranchId>> ending = tx.commitAsync();
        CompletableFuture<Void> callback = ending.toCompletableFuture().thenAccept(pending -> {
            blocked.complete(Thread.currentThread().getName());
            try {
                assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        cluster.speakAgain();
        CompletableFuture<Receipt<String>> second = place("second", CompletableFuture.completedFuture(""));

        assertThat(second.get(20, TimeUnit.SECONDS).isCommitted()).isTrue();
        assertThat(blocked.get(20, TimeUnit.SECONDS)).contains("callback");
        end.countDown();
        callback.get(20, TimeUnit.SECONDS);
    }

    @Test
    void joinedWorkKeepsTheWholeFromCommittingUntilItHasEnded() throws Exception {
        CompletableFuture<String> until = new CompletableFuture<>();
        assertThatThrownBy(() -> shop.assent.run(tx -> {
                    CompletableFuture<Receipt<String>> unused = place("x", until);
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("asynchronous work that joined it at AsyncTest");

        until.complete("now");
        Receipt<Receipt<String>> outer =
                shop.assent.transact(tx -> place("y", until).get());
        assertThat(outer.value().isCommitted()).isFalse();
        assertThat(outer.value().xid()).isEqualTo(outer.xid());
        assertThat(shop.committedCount()).isEqualTo(1);
    }

    @Test
    void withoutACoordinatorTheStageFailsAndNoThreadWaits() {
        Assent alone = Assent.builder("alone")
                .coordinators("127.0.0.1:1")
                .beginPatience(Duration.ofMillis(300))
                .start();
        try (alone) {
            CompletableFuture<Receipt<String>> receipt = alone.<String>transactAsync(tx -> {
                        throw new AssertionError("must not run");
                    })
                    .toCompletableFuture();
            assertThat(receipt).as("when the call returns").isNotDone();
            assertThatThrownBy(() -> receipt.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CoordinatorUnavailableException.class);
        }
    }

    @Test
    void manualDoorEndsWithoutWaiting() throws Exception {
        GlobalTransaction first = shop.assent.begin();
        shop.insert("kept");
        CompletionStage<List<BranchId>> committing = first.commitAsync();
        assertThat(GlobalTransaction.current()).isEmpty();
        assertThat(committing.toCompletableFuture().get()).isEmpty();

        GlobalTransaction second = shop.assent.begin();
        shop.insert("lost");
        Xid xid = second.xid();
        second.rollbackAsync().toCompletableFuture().get();

        assertThat(shop.assent.outcome(xid)).contains(Outcome.ABORTED);
        assertThat(shop.committedCount()).isEqualTo(1);
        assertThatThrownBy(second::commitAsync)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended before");
    }

    @Test
    void commitThatAbortsFailsTheStageWithTheAbort() {
        GlobalTransaction tx = shop.assent.begin();
        tx.setRollbackOnly("no more");
        CompletableFuture<List<BranchId>> ending = tx.commitAsync().toCompletableFuture();

        ExecutionException failed = catchThrowableOfType(ExecutionException.class, ending::get);
        assertThat(failed.getCause())
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("no more");
    }

    // Without it: a caller who was interrupted repeats work that has committed.
    @Test
    void callerInterruptedAfterTheCommitWasAskedForHearsThatTheOutcomeIsUnknown() {
        cluster.fallMute();
        assertThatThrownBy(() -> shop.assent.run(tx -> Thread.currentThread().interrupt()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        cluster.speakAgain();
    }

    @Test
    void callerInterruptedBeforeTheCommitWasAskedForHearsThatNothingHappened() {
        cluster.holdEnlistments();
        assertThatThrownBy(() -> shop.assent.run(tx -> {
                    shop.insert("x");
                    Thread.currentThread().interrupt();
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        cluster.releaseEnlistments();
        await("nothing stands").until(() -> shop.committedCount() == 0 && shop.assent.branchesOpenCount() == 0);
    }
}
