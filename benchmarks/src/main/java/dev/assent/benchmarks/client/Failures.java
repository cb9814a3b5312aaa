package dev.assent.benchmarks.client;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Transactions that did not commit; a load run on a healthy cluster has none. Thread-safe. */
final class Failures {
    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<@Nullable String> first = new AtomicReference<>();

    void add(Throwable failure) {
        count.incrementAndGet();
        first.compareAndSet(null, failure.toString());
    }

    long count() {
        return count.get();
    }

    /** What the first one said; empty if there is none. */
    String first() {
        String said = first.get();
        return said == null ? "" : said;
    }

    void clear() {
        count.set(0);
        first.set(null);
    }
}
