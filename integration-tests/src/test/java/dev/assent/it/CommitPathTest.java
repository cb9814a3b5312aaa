package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.protocol.Outcome;
import dev.assent.sdk.Assent;
import dev.assent.sdk.Receipt;
import dev.assent.testkit.Await;
import dev.assent.testkit.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The path of a transaction when nothing fails, and what it costs. */
@TestInstance(Lifecycle.PER_CLASS)
class CommitPathTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private LocalCluster cluster;
    private Ledger left;
    private Ledger right;
    private Assent assent;

    @BeforeAll
    void start(@TempDir Path directory) {
        cluster = LocalCluster.start(directory.resolve("cluster"));
        left = new Ledger(directory, "left");
        right = new Ledger(directory, "right");
        assent = Assent.builder("ledgers")
                .coordinators(cluster.addresses())
                .development(true)
                .resource("left-db", left.pool())
                .resource("right-db", right.pool())
                .start();
    }

    @AfterAll
    void stop() {
        assent.close();
        left.close();
        right.close();
        cluster.close();
    }

    @Test
    void bothBranchesCommit() throws Exception {
        Receipt<String> receipt = assent.transact(tx -> {
            Ledger.write(assent.dataSource("left-db"), "both");
            Ledger.write(assent.dataSource("right-db"), "both");
            return "value";
        });

        assertThat(receipt.value()).isEqualTo("value");
        assertThat(receipt.pending()).isEmpty();
        assertThat(left.entries()).contains("both");
        assertThat(right.entries()).contains("both");
        assertThat(assent.outcome(receipt.xid())).contains(Outcome.COMMITTED);
        assertNothingIsLeft();
    }

    @Test
    void anExceptionUndoesBothBranchesAndIsKept() {
        assertThatThrownBy(() -> assent.run(tx -> {
                    Ledger.write(assent.dataSource("left-db"), "thrown");
                    Ledger.write(assent.dataSource("right-db"), "thrown");
                    throw new IllegalStateException("the application's own");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the application's own");

        assertThat(left.entries()).doesNotContain("thrown");
        assertThat(right.entries()).doesNotContain("thrown");
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        Await.that(
                "nothing is in doubt",
                PATIENCE,
                () -> left.inDoubt().isEmpty() && right.inDoubt().isEmpty());
        Await.that(
                "evidence is removed",
                PATIENCE,
                () -> left.evidence().isEmpty() && right.evidence().isEmpty());
        Await.that(
                "connections are back", PATIENCE, () -> left.connectionsInUse() == 0 && right.connectionsInUse() == 0);
    }
}
