package dev.assent.protocol;

/** A branch's answer to Prepare. The first vote of a branch stands. */
public sealed interface Vote {
    /** The branch is durably prepared and will do what it is told. */
    record Yes() implements Vote {}

    /** The branch had nothing to commit and has ended; it takes no part in phase two. */
    record ReadOnly() implements Vote {}

    /**
     * The branch cannot commit and has rolled back.
     *
     * @param reason for people; at most {@value #MAX_REASON_LENGTH} characters, longer ones are cut
     */
    record No(String reason) implements Vote {
        public No {
            reason = cut(reason);
        }
    }

    /** Longest reason kept, in characters. */
    int MAX_REASON_LENGTH = 500;

    Vote YES = new Yes();
    Vote READ_ONLY = new ReadOnly();

    static Vote no(String reason) {
        return new No(reason);
    }

    private static String cut(String reason) {
        return reason.length() <= MAX_REASON_LENGTH ? reason : reason.substring(0, MAX_REASON_LENGTH - 1) + "…";
    }
}
