package dev.assent.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.sdk.Assent;
import dev.assent.sdk.OutcomeUnknownException;
import dev.assent.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Compares what initiators were told with what is in the databases, and looks for what is left behind. It asks the
 * databases, not the SDK, what happened.
 */
final class Judge {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(20).toNanos();

    private final List<Books> books;
    private final LongSupplier openTransactions;
    private final Map<String, Told> all = new LinkedHashMap<>();

    /** @param openTransactions how many transactions the leaders list */
    Judge(List<? extends Books> books, LongSupplier openTransactions) {
        this.books = List.copyOf(books);
        this.openTransactions = openTransactions;
    }

    /**
     * Waits until nothing is in doubt, then every transaction must have happened as told: in all databases or in none,
     * and whoever asks about it must be told the same again.
     *
     * @param asker any process; asks about what nobody was told, too
     * @return the same, with what became of those that nobody was told about
     */
    List<Told> holds(List<Told> told, Assent asker) {
        nothingIsInDoubt();
        List<Set<String>> entries = books.stream().map(Books::entries).toList();
        List<String> differences = new ArrayList<>();
        List<Told> settledOnes = new ArrayList<>();
        for (Told one : told) {
            Told settled = asked(one, asker, differences);
            long places = entries.stream().filter(in -> in.contains(one.id())).count();
            long expected = settled.isCommitted() ? books.size() : 0;
            if (places != expected) {
                differences.add(settled + " is in " + places + " databases");
            }
            all.put(one.id(), settled);
            settledOnes.add(settled);
        }
        Set<String> unexplained = new TreeSet<>();
        entries.forEach(unexplained::addAll);
        unexplained.removeAll(all.keySet());
        assertThat(differences).isEmpty();
        assertThat(unexplained).as("entries that nobody was told about").isEmpty();
        return settledOnes;
    }

    private static Told asked(Told one, Assent asker, List<String> differences) {
        if (one.xid().isEmpty()) {
            return one;
        }
        Xid xid = one.xid().get();
        Outcome now = Await.value("the outcome of " + xid, PATIENCE, () -> outcome(asker, xid));
        if (one.outcome().isPresent() && one.outcome().get() != now) {
            differences.add(one + " is now said to be " + now);
        }
        return one.settled(now);
    }

    private static Optional<Outcome> outcome(Assent asker, Xid xid) {
        try {
            return asker.outcome(xid);
        } catch (OutcomeUnknownException unanswered) {
            return Optional.empty();
        }
    }

    /** Everything ever judged must still be answered as before; to be called after leaders have changed. */
    void answersStay(Assent asker) {
        List<String> differences = new ArrayList<>();
        all.values().forEach(told -> asked(told, asker, differences));
        assertThat(differences).as("second answers").isEmpty();
    }

    void nothingIsInDoubt() {
        books.forEach(each -> isEmpty("branches in doubt in " + each, each::inDoubt));
    }

    /** Every transaction has ended, and the log says so. */
    void nothingIsListed() {
        Await.that("no transaction is listed", PATIENCE, () -> openTransactions.getAsLong() == 0);
    }

    /** No prepared branch, evidence, held connection or listed transaction outlives the transactions. */
    void nothingIsLeft() {
        nothingIsInDoubt();
        nothingIsListed();
        for (Books each : books) {
            isEmpty("evidence in " + each, each::evidence);
            Await.that("the connections of " + each + " are back", PATIENCE, () -> each.connectionsInUse() == 0);
        }
    }

    /** Waits; what is still there is the message. */
    private static void isEmpty(String what, Supplier<Set<String>> found) {
        Set<String> last = found.get();
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!last.isEmpty() && System.nanoTime() < endNanos) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            last = found.get();
        }
        assertThat(last).as(what + " after " + PATIENCE).isEmpty();
    }
}
