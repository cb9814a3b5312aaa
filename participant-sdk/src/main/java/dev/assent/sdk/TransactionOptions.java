package dev.assent.sdk;

import java.time.Duration;
import java.util.Objects;

/**
 * How one transaction is run.
 *
 * @param timeout how long the transaction may take until its commit is decided; then it aborts by itself. From 10 ms to
 *     10 min, default 30 s; the cluster may cap it. Calls, statements and lock waits inherit what is left of it
 * @param answerWhen when the commit returns, by default {@link AnswerWhen#APPLIED}
 */
public record TransactionOptions(Duration timeout, AnswerWhen answerWhen) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** The defaults. */
    public static final TransactionOptions DEFAULT = new TransactionOptions(Duration.ofSeconds(30), AnswerWhen.APPLIED);

    public TransactionOptions {
        Objects.requireNonNull(answerWhen);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout must be from 10 ms to 10 min, not " + timeout);
        }
    }

    /** The defaults, with another timeout. */
    public static TransactionOptions timeout(Duration timeout) {
        return new TransactionOptions(timeout, DEFAULT.answerWhen);
    }

    /** The same, with another moment of the answer. */
    public TransactionOptions answeredWhen(AnswerWhen moment) {
        return new TransactionOptions(timeout, moment);
    }

    /** When a commit returns. */
    public enum AnswerWhen {
        /** When every branch has committed: the initiator reads its own writes. */
        APPLIED,
        /** As soon as the decision stands: it is certain that every branch will commit. */
        DECIDED
    }
}
