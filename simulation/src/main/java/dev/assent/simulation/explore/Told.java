package dev.assent.simulation.explore;

import dev.assent.protocol.message.Answer;

/** What the initiator was told for good, as bits. */
final class Told {
    static final int COMMITTED = 1;
    static final int ABORTED = 2;
    static final int DIFFERING = 4;
    /** How many bits there are. */
    static final int BITS = 3;

    private Told() {}

    /** The bit, or 0 if the answer settles nothing. */
    static int of(Answer answer) {
        if (answer instanceof Answer.Committed) {
            return COMMITTED;
        } else if (answer instanceof Answer.Aborted) {
            return ABORTED;
        }
        return answer instanceof Answer.Mixed || answer instanceof Answer.Hazard ? DIFFERING : 0;
    }

    /** What may never be said about a number that was given out, in a world where nothing is forgotten; or empty. */
    static String alarm(Answer answer) {
        boolean isDenied = answer instanceof Answer.OutcomeExpired
                || (answer instanceof Answer.Refused refused
                        && switch (refused.reason()) {
                            case FOREIGN, WRONG_SHARD, INVALID -> true;
                            case NOT_LEADER, STALE_BEGIN, TOO_MANY_TRANSACTIONS, NOT_APPLICABLE -> false;
                        });
        return isDenied ? "AC8 a number that was given out is not known: " + answer : "";
    }
}
