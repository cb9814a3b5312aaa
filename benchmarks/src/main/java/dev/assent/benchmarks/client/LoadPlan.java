package dev.assent.benchmarks.client;

import dev.assent.sdk.TransactionOptions;
import dev.assent.sdk.annotation.AnswerWhen;
import java.time.Duration;
import java.util.List;

/**
 * What is to be done to a cluster, and how it reaches the process that does it.
 *
 * @param callers how a caller waits for the end of its transaction
 * @param threads how many transactions are under way at a time, 1 to 100,000: threads, or with async callers none
 * @param branches of each transaction, 0 to 16, each on a resource of its own
 * @param answerWhen when a commit is answered
 * @param warmUpSeconds load before anything is measured
 * @param seconds that are measured, at least 1
 */
public record LoadPlan(
        Callers callers, int threads, int branches, AnswerWhen answerWhen, int warmUpSeconds, int seconds) {
    /** How callers wait. */
    public enum Callers {
        /** A thread of its own for each, that waits. */
        BLOCKING,
        /** The end of a transaction begins the next one. */
        ASYNC
    }

    public LoadPlan {
        within("threads", threads, 1, 100_000);
        within("branches", branches, 0, 16);
        within("warm-up seconds", warmUpSeconds, 0, 86_400);
        within("seconds", seconds, 1, 86_400);
    }

    /** As arguments of a main class. */
    public List<String> arguments() {
        return List.of(
                callers.name(),
                Integer.toString(threads),
                Integer.toString(branches),
                answerWhen.name(),
                Integer.toString(warmUpSeconds),
                Integer.toString(seconds));
    }

    /** Reads {@link #arguments}. */
    static LoadPlan parse(List<String> arguments) {
        return new LoadPlan(
                Callers.valueOf(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                AnswerWhen.valueOf(arguments.get(3)),
                Integer.parseInt(arguments.get(4)),
                Integer.parseInt(arguments.get(5)));
    }

    /** When a commit is answered, in the words of the command line. */
    public String answer() {
        return answerWhen == AnswerWhen.DECIDED ? "after-decision" : "after-apply";
    }

    /** The options of every transaction. */
    TransactionOptions options() {
        return TransactionOptions.timeout(Duration.ofSeconds(30)).answeredWhen(answerWhen);
    }

    private static void within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be " + least + " to " + most + ", not " + value);
        }
    }
}
