package dev.assent.sdk.internal.fault;

/** The steps of a participant and an initiator at which a fault can strike; the name is {@code step.moment}. */
public enum FaultPoint {
    // ---- participant ----

    /** A connection is taken, the coordinator does not know of the branch yet. */
    ENLIST_BEFORE_SEND("enlist.before-send"),
    /** Told to prepare; nothing is written yet. */
    PREPARE_BEFORE_EVIDENCE("prepare.before-evidence"),
    /** The evidence row is in the branch's own transaction, which is not prepared yet. */
    PREPARE_BEFORE_DURABLE("prepare.before-durable"),
    /** The branch is prepared, its vote is not sent. */
    PREPARE_DURABLE("prepare.durable"),
    /** A command of the coordinator arrived and nothing was made of it. */
    COMMAND_RECEIVED("command.received"),
    /** Told to commit; the database has not heard of it. */
    COMMIT_BEFORE_DATABASE("commit.before-database"),
    /** The database has committed the branch, the acknowledgement is not sent. */
    COMMIT_DURABLE("commit.durable"),
    /** The branch is to be rolled back; the database has not heard of it. */
    ABORT_BEFORE_DATABASE("abort.before-database"),
    /** Recovery has read what the database holds prepared, and asked nobody yet. */
    RECOVERY_LISTED("recovery.listed"),
    /** The answer to a branch in doubt arrived. */
    RECOVERY_ANSWERED("recovery.answered"),
    /** The connection to a leader was lost and is there again. */
    SESSION_LOST("session.lost"),

    // ---- initiator ----

    /** The transaction has its number. */
    BEGIN_SENT("begin.sent"),
    /** The commit is wanted and not asked for yet. */
    COMMIT_BEFORE_SEND("commit.before-send"),
    /** The outcome is known to the SDK and not to the application yet. */
    OUTCOME_BEFORE_RETURN("outcome.before-return");

    private final String text;

    FaultPoint(String text) {
        this.text = text;
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException that names the points there are
     */
    public static FaultPoint parse(String text) {
        StringBuilder known = new StringBuilder();
        for (FaultPoint point : values()) {
            if (point.text.equals(text)) {
                return point;
            }
            known.append(known.isEmpty() ? "" : ", ").append(point.text);
        }
        throw new IllegalArgumentException("no fault point '" + text + "'; there are " + known);
    }

    @Override
    public String toString() {
        return text;
    }
}
