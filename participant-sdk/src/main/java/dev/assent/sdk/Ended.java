package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Outcome;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import java.util.List;
import java.util.Optional;

/**
 * How the end of a transaction was answered. It becomes a value or an exception only on the thread that is to see it, so
 * that the exception shows where the application was.
 *
 * @param xid the transaction
 * @param answer empty if none came in time
 * @param whyUnanswered for people
 */
record Ended(Xid xid, Optional<Answer> answer, String whyUnanswered) {
    static Ended answered(Xid xid, Answer answer) {
        return new Ended(xid, Optional.of(answer), "");
    }

    static Ended unanswered(Xid xid, String why) {
        return new Ended(xid, Optional.empty(), why);
    }

    static Ended aborted(Xid xid, AbortCause cause) {
        return answered(xid, new Answer.Aborted(cause));
    }

    /**
     * The branches that are decided to commit and have not confirmed it.
     *
     * @throws AssentException if it did not commit, or nobody knows
     */
    List<BranchId> pending() {
        Answer told = answer.orElseThrow(() -> OutcomeUnknownException.unanswered(xid, whyUnanswered, null));
        if (told instanceof Answer.Committed committed) {
            return committed.unacknowledged();
        } else if (told instanceof Answer.Aborted aborted) {
            throw new TransactionAbortedException(xid, aborted.cause(), null);
        } else if (told instanceof Answer.Mixed mixed) {
            throw new HeuristicOutcomeException(xid, Outcome.MIXED, mixed.branches());
        } else if (told instanceof Answer.Hazard hazard) {
            throw new HeuristicOutcomeException(xid, Outcome.HAZARD, hazard.branches());
        }
        throw unknown(told);
    }

    /** The outcome that was told to somebody who asked. */
    Outcome outcome() {
        Answer told = answer.orElseThrow(() -> OutcomeUnknownException.unanswered(xid, whyUnanswered, null));
        if (told instanceof Answer.Committed) {
            return Outcome.COMMITTED;
        } else if (told instanceof Answer.Aborted) {
            return Outcome.ABORTED;
        } else if (told instanceof Answer.Mixed) {
            return Outcome.MIXED;
        } else if (told instanceof Answer.Hazard) {
            return Outcome.HAZARD;
        }
        throw unknown(told);
    }

    /** The abort of what was never asked to commit; {@link Endings#abort} says nothing else. */
    TransactionAbortedException abort() {
        if (answer.isPresent() && answer.get() instanceof Answer.Aborted aborted) {
            return new TransactionAbortedException(xid, aborted.cause(), null);
        }
        throw new AssertionError("an abort without a cause: " + this);
    }

    private OutcomeUnknownException unknown(Answer told) {
        if (told instanceof Answer.OutcomeExpired) {
            return OutcomeUnknownException.expired(xid);
        }
        String why = told instanceof Answer.Refused refused
                ? "the coordinator refuses the question: " + refused.reason() + " " + refused.detail()
                : "the coordinator says " + told;
        return OutcomeUnknownException.unanswered(xid, why.strip(), null);
    }
}
