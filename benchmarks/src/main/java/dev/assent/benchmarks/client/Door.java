package dev.assent.benchmarks.client;

import dev.assent.sdk.Assent;
import dev.assent.sdk.TransactionOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/** One transaction that enlists every resource, through the doors that applications use. Thread-safe. */
final class Door {
    private final Assent assent;
    private final TransactionOptions options;
    private final List<DataSource> resources;

    Door(Assent assent, TransactionOptions options, List<DataSource> resources) {
        this.assent = assent;
        this.options = options;
        this.resources = List.copyOf(resources);
    }

    /**
     * Returns when the transaction has committed.
     *
     * @throws dev.assent.sdk.AssentException if it has not, or nobody knows
     */
    void transact() throws SQLException {
        assent.run(options, transaction -> touchAll());
    }

    /** The same without a thread that waits; the stage fails with what {@link #transact} throws. */
    CompletionStage<?> transactAsync() {
        return assent.transactAsync(options, transaction -> {
            touchAll();
            return CompletableFuture.completedStage(true);
        });
    }

    private void touchAll() throws SQLException {
        for (DataSource resource : resources) {
            try (Connection branch = resource.getConnection()) {
                branch.isClosed();
            }
        }
    }
}
