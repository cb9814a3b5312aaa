package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.coordinator.observe.Counters;
import dev.assent.protocol.Outcome;
import dev.assent.testkit.LocalCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What a transaction costs the log of a healthy cluster, counted at its leader. */
@TestInstance(Lifecycle.PER_CLASS)
class CostTest {
    private static final int TRANSACTIONS = 20;

    private final List<Told> told = new ArrayList<>();
    private LocalCluster cluster;
    private Pair pair;
    private Judge judge;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = LocalCluster.start(directory.resolve("cluster"));
        pair = new OneProcess(directory, cluster.addresses());
        judge = new Judge(pair.books(), cluster::openTransactions);
    }

    @AfterAll
    void stop() {
        try (LocalCluster ended = cluster;
                Pair closed = pair) {
            judge.holds(told, closed.initiator());
            judge.nothingIsLeft();
            assertThat(ended.failures()).isEmpty();
        }
    }

    /** What the log took for one kind of transaction. */
    private record Cost(long forcedRecords, long lazyRecords, long packs) {}

    @Test
    void aCommitForcesOneRecordAndSharesALazyOne() {
        Cost cost = costOf(i -> {
            Told one = Told.by(pair.initiator(), "commit-" + i, () -> pair.write("commit-" + i));
            told.add(one);
            assertThat(one).matches(Told::isCommitted, "is committed");
        });

        assertThat(cost.forcedRecords()).isEqualTo(TRANSACTIONS);
        assertThat(cost.lazyRecords()).isEqualTo(TRANSACTIONS);
        // A record that ends a listing rides along with the next decision; only the last one may travel alone.
        assertThat(cost.packs()).isBetween((long) TRANSACTIONS, TRANSACTIONS + 2L);
    }

    @Test
    void aReadForcesNothing() {
        Cost cost = costOf(i -> {
            Told one = Told.by(pair.initiator(), "read-" + i, pair::read);
            assertThat(one).matches(Told::isCommitted, "is committed");
        });

        assertThat(cost.forcedRecords()).isZero();
        assertThat(cost.lazyRecords()).isEqualTo(TRANSACTIONS);
        assertThat(cost.packs()).isLessThan(TRANSACTIONS);
    }

    @Test
    void anAbortWritesNothing() {
        Cost cost = costOf(i -> {
            Told one = Told.by(pair.initiator(), "abort-" + i, () -> {
                pair.write("abort-" + i);
                throw new IllegalStateException("the application's own");
            });
            told.add(one);
            assertThat(one.outcome()).contains(Outcome.ABORTED);
        });

        assertThat(cost).isEqualTo(new Cost(0, 0, 0));
    }

    private interface OneTransaction {
        void run(int i);
    }

    private Cost costOf(OneTransaction transaction) {
        judge.nothingIsListed();
        int leader = cluster.awaitLeader(0);
        Counters.Counts before = cluster.counters(leader).counts();
        for (int i = 0; i < TRANSACTIONS; i++) {
            transaction.run(i);
        }
        judge.nothingIsListed();
        assertThat(cluster.leaderOf(0)).as("the leader must have stayed").contains(leader);
        Counters.Counts after = cluster.counters(leader).counts();
        return new Cost(
                after.forcedRecords() - before.forcedRecords(),
                after.lazyRecords() - before.lazyRecords(),
                after.packs() - before.packs());
    }
}
