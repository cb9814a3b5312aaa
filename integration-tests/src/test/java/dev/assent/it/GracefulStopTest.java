package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.admin.AdminChannels;
import dev.assent.proto.v1.BeginRequest;
import dev.assent.proto.v1.CoordinatorServiceGrpc;
import dev.assent.sdk.Assent;
import dev.assent.testkit.Await;
import dev.assent.testkit.ProcessCluster;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader that is told to stop hands over first, so nobody has to wait until the others notice that it is gone. What is
 * compared is how many begins are refused when it stops, and how many when it is killed: no clock, and no guess about the
 * machine.
 */
class GracefulStopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int WRITERS = 2;
    private static final int TIMES_FEWER = 10;

    /** Long, so that an election which had to be waited for shows. */
    private static final List<String> SETTINGS = List.of(
            "raft:", "  election-timeout-min: 8s", "  election-timeout-max: 9s", "transactions:", "  timeout: 2s");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void stopRefusesFarLessThanADeath() throws Exception {
        try (ProcessCluster cluster = ProcessCluster.start(directory.resolve("cluster"), 3, 1, SETTINGS, List.of());
                Pair pair = new OneProcess(directory, cluster.addresses());
                Assent asker = Assent.connect(cluster.addresses());
                Writers writers = new Writers(pair, WRITERS, "w");
                Knocker knocker = new Knocker(cluster)) {
            Judge judge = new Judge(pair.books(), cluster::openTransactions);
            writers.awaitCommits(20, PATIENCE);

            int stopped = leader(cluster);
            long atStop = knocker.refusedWhile(
                    () -> cluster.process(stopped).terminate(PATIENCE), () -> writers.awaitCommits(20, PATIENCE));
            cluster.startNode(stopped, List.of());
            Await.that("it is back", PATIENCE, () -> !cluster.shardsOf(stopped).isEmpty());

            int killed = leader(cluster);
            long atDeath = knocker.refusedWhile(
                    () -> cluster.process(killed).kill(), () -> writers.awaitCommits(20, PATIENCE));
            cluster.startNode(killed, List.of());

            assertThat(atStop * TIMES_FEWER)
                    .as("begins refused at a stop, times " + TIMES_FEWER + "; at a death " + atDeath)
                    .isLessThan(atDeath);
            knocker.close();
            writers.stop();
            assertThat(judge.holds(writers.told(), asker))
                    .allMatch(told -> told.isCommitted() || told.isRetryable(), "is committed or may be begun anew");
            judge.nothingIsLeft();
        }
    }

    private static int leader(ProcessCluster cluster) {
        return Await.value("a leader", PATIENCE, () -> cluster.leaderOf(0));
    }

    /** Asks all nodes to begin a transaction, one time after another; counts how often none of them does. */
    private static final class Knocker implements AutoCloseable {
        private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

        private final AdminChannels channels = new AdminChannels(Duration.ofSeconds(5));
        private final List<String> addresses;
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private final CompletableFuture<Void> knocking;
        private volatile boolean isClosed;

        Knocker(ProcessCluster cluster) {
            addresses = List.of(cluster.addresses().split(",", -1));
            knocking = CompletableFuture.runAsync(this::knockOnAndOn);
        }

        private void knockOnAndOn() {
            while (!isClosed) {
                (addresses.stream().anyMatch(this::begins) ? begun : refused).incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private boolean begins(String address) {
            try {
                var unused = CoordinatorServiceGrpc.newBlockingStub(channels.channel(address))
                        .withDeadlineAfter(1, TimeUnit.SECONDS)
                        .begin(BeginRequest.getDefaultInstance());
                return true;
            } catch (StatusRuntimeException refusal) {
                return false;
            }
        }

        /** From before the event until somebody begins again, and what is to be seen then has been seen. */
        long refusedWhile(Runnable event, Runnable seen) {
            Await.that("somebody begins", PATIENCE, () -> begun.get() > 0);
            long refusedBefore = refused.get();
            event.run();
            seen.run();
            long enough = begun.get() + 5;
            Await.that("somebody begins again", PATIENCE, () -> begun.get() >= enough);
            return refused.get() - refusedBefore;
        }

        @Override
        public void close() {
            isClosed = true;
            knocking.join();
            channels.close();
        }
    }
}
