package dev.assent.it;

import dev.assent.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Initiators, each a thread that runs one transaction after another and notes what it is told. Thread-safe. */
final class Writers implements AutoCloseable {
    /** One transaction. */
    interface Transaction {
        /** @param number of the transaction, over all writers, from 0 */
        Told run(long number);
    }

    private final ExecutorService threads;
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong committed = new AtomicLong();
    private final ConcurrentLinkedQueue<Told> told = new ConcurrentLinkedQueue<>();
    private volatile boolean isStopped;

    /** Writers that write entries {@code <prefix>-<number>} in both ledgers. */
    Writers(Pair pair, int count, String prefix) {
        this(count, number -> {
            String id = prefix + "-" + number;
            return Told.by(pair.initiator(), id, () -> pair.write(id));
        });
    }

    Writers(int count, Transaction transaction) {
        threads = Executors.newFixedThreadPool(count);
        for (int i = 0; i < count; i++) {
            threads.execute(() -> onAndOn(transaction));
        }
    }

    private void onAndOn(Transaction transaction) {
        while (!isStopped) {
            Told one = transaction.run(begun.getAndIncrement());
            told.add(one);
            if (one.isCommitted()) {
                committed.incrementAndGet();
            }
        }
    }

    /** Waits until so many more have committed than now. */
    void awaitCommits(int more, Duration patience) {
        long enough = committed.get() + more;
        Await.that(more + " more transactions commit", patience, () -> committed.get() >= enough);
    }

    /** What was told so far; a copy. */
    List<Told> told() {
        return new ArrayList<>(told);
    }

    /** Waits until every writer has been told about its last transaction. */
    void stop() throws InterruptedException {
        isStopped = true;
        threads.shutdown();
        if (!threads.awaitTermination(90, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a writer waits for an answer that does not come");
        }
    }

    @Override
    public void close() {
        isStopped = true;
        threads.shutdownNow();
    }
}
