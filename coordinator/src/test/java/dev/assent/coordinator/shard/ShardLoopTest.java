package dev.assent.coordinator.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.coordinator.observe.ShardObserver;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ShardIdentity;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShardLoopTest {
    private static final Input HEARD = new Input.SessionHeard(new InstanceId("inst00000001"));

    private final CompletableFuture<String> stopped = new CompletableFuture<>();
    private final Journal journal = new Journal();
    private ShardLoop loop = loop(input -> List.of());

    private ShardLoop loop(Function<Input, List<Effect>> script) {
        ShardIdentity identity = new ShardIdentity(ClusterId.parse("shop-abcd1234"), 0, new NodeId("n1"), 5);
        return new ShardLoop(identity, new ScriptedCore(script), LoopSettings.DEFAULT, Clocks.system());
    }

    private void start() {
        loop.start(new ShardWorld(journal, journal, journal, ShardObserver.NONE, FaultSeam.NONE, stopped::complete));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void whatWasOfferedBeforeTheStartIsWorkedOff() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        loop.offer(List.of(HEARD), done::countDown);

        start();

        assertThat(done.await(10, TimeUnit.SECONDS))
                .as("the offer was worked off")
                .isTrue();
    }

    /** Each producer waits for its item before it offers the next, so that the loop falls asleep all the time. */
    @Test
    void noWakeUpIsLost() throws Exception {
        start();
        int producers = 4;
        int rounds = 5_000;
        AtomicLong finished = new AtomicLong();
        List<Thread> threads = IntStream.range(0, producers)
                .mapToObj(n -> new Thread(() -> {
                    Semaphore done = new Semaphore(0);
                    for (int round = 0; round < rounds; round++) {
                        loop.offer(List.of(HEARD), done::release);
                        done.acquireUninterruptibly();
                    }
                    finished.incrementAndGet();
                }))
                .toList();
        for (Thread thread : threads) {
            thread.setDaemon(true);
            thread.start();
        }

        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(40));
        }

        assertThat(finished).as("producers whose every offer was worked off").hasValue(producers);
        assertThat(loop.query((core, now) -> core.transactionCount()).get(10, TimeUnit.SECONDS))
                .isEqualTo(producers * rounds);
    }

    @Test
    void deadlinesOfTheCoreWakeTheLoop() throws Exception {
        CountDownLatch ticked = new CountDownLatch(1);
        loop = loop(input -> {
            if (input instanceof Input.Tick) {
                ticked.countDown();
            }
            return List.of();
        });
        start();

        var unused = loop.query(
                (core, now) -> ((ScriptedCore) core).deadlineNanos = now + TimeUnit.MILLISECONDS.toNanos(20));

        assertThat(ticked.await(10, TimeUnit.SECONDS)).as("a tick came").isTrue();
    }

    @Test
    void aBrokenInvariantStopsTheShardForGood() throws Exception {
        loop = loop(input -> {
            throw new AssertionError("decided twice");
        });
        start();
        CountDownLatch done = new CountDownLatch(2);

        loop.offer(List.of(HEARD), done::countDown);
        assertThat(stopped.get(10, TimeUnit.SECONDS)).contains("decided twice");
        loop.offer(List.of(HEARD), done::countDown);

        assertThat(done.await(10, TimeUnit.SECONDS)).as("nobody waits for ever").isTrue();
        assertThat(loop.isStopped()).isTrue();
        assertThat(journal.lines).containsExactly("stepDown", "announceLost", "flush");
        assertThatThrownBy(() -> loop.query((core, now) -> 1).get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ShardStoppedException.class);
    }

    @Test
    void aFailedLogStopsTheShardForGood() throws Exception {
        start();

        loop.failed("disk full");

        assertThat(stopped.get(10, TimeUnit.SECONDS)).contains("the log of shard 0 failed: disk full");
    }

    @Test
    void aQuestionThatFailsHarmsNobodyElse() throws Exception {
        start();

        assertThatThrownBy(
                        () -> loop.query((core, now) -> Integer.parseInt("x")).get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NumberFormatException.class);
        assertThat(loop.query((core, now) -> 7).get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }

    @Test
    void questionsToAClosedLoopFail() {
        start();
        loop.close();

        assertThatThrownBy(() -> loop.query((core, now) -> 1).get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ShardStoppedException.class);
    }
}
