package dev.assent.sdk;

import dev.assent.sdk.annotation.AnswerWhen;
import dev.assent.sdk.annotation.Propagation;
import java.time.Duration;
import java.util.Objects;

/**
 * How one transaction is run.
 *
 * @param timeout how long the transaction may take until its commit is decided; then it aborts by itself. From 10 ms to
 *     10 min, default 30 s; the cluster may cap it. Calls, statements and lock waits inherit what is left of it
 * @param answerWhen when the commit returns, by default {@link AnswerWhen#APPLIED}
 * @param propagation what is made of a transaction around, by default {@link Propagation#REQUIRED}; where that joins, or
 *     uses none, the other options have no effect
 */
public record TransactionOptions(Duration timeout, AnswerWhen answerWhen, Propagation propagation) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** The defaults. */
    public static final TransactionOptions DEFAULT =
            new TransactionOptions(Duration.ofSeconds(30), AnswerWhen.APPLIED, Propagation.REQUIRED);

    public TransactionOptions {
        Objects.requireNonNull(answerWhen);
        Objects.requireNonNull(propagation);
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout must be from 10 ms to 10 min, not " + timeout);
        }
    }

    /** The defaults, with another timeout. */
    public static TransactionOptions timeout(Duration timeout) {
        return new TransactionOptions(timeout, DEFAULT.answerWhen, DEFAULT.propagation);
    }

    /** The defaults, with another level of propagation. */
    public static TransactionOptions propagation(Propagation level) {
        return new TransactionOptions(DEFAULT.timeout, DEFAULT.answerWhen, level);
    }

    /** The same, with another moment of the answer. */
    public TransactionOptions answeredWhen(AnswerWhen moment) {
        return new TransactionOptions(timeout, moment, propagation);
    }

    /** The same, with another level of propagation. */
    public TransactionOptions propagating(Propagation level) {
        return new TransactionOptions(timeout, answerWhen, level);
    }
}
