package dev.assent.protocol.fault;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A moment between two steps of a protocol. What the world has seen by then is in each point's meaning; the protocol must
 * survive a stop at every one of them.
 */
public enum FaultPoint {
    // ---- coordinator ----

    /** The core has added the branch, or found it known; the participant has not heard so. */
    ENLIST_BEFORE_ACK(
            Side.COORDINATOR,
            "enlist.before-ack",
            "The core has added the branch, or found it known; the participant has not heard so."),
    /** A commit request has arrived; the core has not seen it. */
    COMMIT_RECEIVED(Side.COORDINATOR, "commit.received", "A commit request has arrived; the core has not seen it."),
    /** Prepare was handed to the participant's stream. */
    PREPARE_SENT(Side.COORDINATOR, "prepare.sent", "Prepare was handed to the participant's stream."),
    /** A vote has arrived; the core has not seen it. */
    VOTE_RECEIVED(Side.COORDINATOR, "vote.received", "A vote has arrived; the core has not seen it."),
    /** All votes are in and the decision is made; its record has not been submitted. */
    DECISION_BEFORE_APPEND(
            Side.COORDINATOR,
            "decision.before-append",
            "All votes are in and the decision is made; its record has not been submitted."),
    /** The decision's record was submitted to the log; its fate is open. */
    DECISION_APPENDED(
            Side.COORDINATOR, "decision.appended", "The decision's record was submitted to the log; its fate is open."),
    /** The decision's record was applied and stood; nobody has been told. */
    DECISION_APPLIED(
            Side.COORDINATOR, "decision.applied", "The decision's record was applied and stood; nobody has been told."),
    /** Entries of the log are written and not forced to the disk yet. On leader and followers. */
    LOG_BEFORE_FORCE(
            Side.COORDINATOR, "log.before-force", "Entries of the log are written and not forced to the disk yet."),
    /** An outcome is known for certain and about to be told to whoever asked. */
    REPLY_BEFORE_SEND(
            Side.COORDINATOR,
            "reply.before-send",
            "An outcome is known for certain and about to be told to whoever asked."),
    /** Commit or abort is about to be sent to a branch. */
    COMMAND_BEFORE_SEND(Side.COORDINATOR, "command.before-send", "Commit or abort is about to be sent to a branch."),
    /** A branch's report on its command has arrived; the core has not seen it. */
    ACK_RECEIVED(
            Side.COORDINATOR,
            "ack.received",
            "A branch's report on its command has arrived; the core has not seen it."),
    /** Every branch has acknowledged; the record that ends the listing has not been submitted. */
    ENDED_BEFORE_APPEND(
            Side.COORDINATOR,
            "ended.before-append",
            "Every branch has acknowledged; the record that ends the listing has not been submitted."),
    /** The log says that this node leads; its loop is not ready and answers nothing. */
    LEADER_ELECTED(
            Side.COORDINATOR,
            "leader.elected",
            "The log says that this node leads; its loop is not ready and answers nothing."),
    /** The loop's own first record of the term stands; no instance has been told. */
    LEADER_READY(
            Side.COORDINATOR,
            "leader.ready",
            "The loop's own first record of the term stands; no instance has been told."),
    /** The log says that this node no longer leads; the core has not seen it. */
    LEADER_LOST(
            Side.COORDINATOR, "leader.lost", "The log says that this node no longer leads; the core has not seen it."),
    /** A snapshot is written beside the old one and does not count yet. On leader and followers. */
    SNAPSHOT_BEFORE_RENAME(
            Side.COORDINATOR,
            "snapshot.before-rename",
            "A snapshot is written beside the old one and does not count yet."),
    /** A snapshot of the leader was installed; the shard has not heard of it. */
    SNAPSHOT_INSTALLED(
            Side.COORDINATOR,
            "snapshot.installed",
            "A snapshot of the leader was installed; the shard has not heard of it."),
    // ---- participant ----

    /** A connection is taken, the coordinator does not know of the branch yet. */
    ENLIST_BEFORE_SEND(
            Side.PARTICIPANT,
            "enlist.before-send",
            "A connection is taken, the coordinator does not know of the branch yet."),
    /** Told to prepare; nothing is written yet. */
    PREPARE_BEFORE_EVIDENCE(Side.PARTICIPANT, "prepare.before-evidence", "Told to prepare; nothing is written yet."),
    /** The evidence row is in the branch's own transaction, which is not prepared yet. */
    PREPARE_BEFORE_DURABLE(
            Side.PARTICIPANT,
            "prepare.before-durable",
            "The evidence row is in the branch's own transaction, which is not prepared yet."),
    /** The branch is prepared, its vote is not sent. */
    PREPARE_DURABLE(Side.PARTICIPANT, "prepare.durable", "The branch is prepared, its vote is not sent."),
    /** A command of the coordinator arrived and nothing was made of it. */
    COMMAND_RECEIVED(
            Side.PARTICIPANT, "command.received", "A command of the coordinator arrived and nothing was made of it."),
    /** Told to commit; the database has not heard of it. */
    COMMIT_BEFORE_DATABASE(
            Side.PARTICIPANT, "commit.before-database", "Told to commit; the database has not heard of it."),
    /** The database has committed the branch, the acknowledgement is not sent. */
    COMMIT_DURABLE(
            Side.PARTICIPANT,
            "commit.durable",
            "The database has committed the branch, the acknowledgement is not sent."),
    /** The branch is to be rolled back; the database has not heard of it. */
    ABORT_BEFORE_DATABASE(
            Side.PARTICIPANT,
            "abort.before-database",
            "The branch is to be rolled back; the database has not heard of it."),
    /** Recovery has read what the database holds prepared, and asked nobody yet. */
    RECOVERY_LISTED(
            Side.PARTICIPANT,
            "recovery.listed",
            "Recovery has read what the database holds prepared, and asked nobody yet."),
    /** The answer to a branch in doubt arrived. */
    RECOVERY_ANSWERED(Side.PARTICIPANT, "recovery.answered", "The answer to a branch in doubt arrived."),
    /** The connection to a leader was lost and is there again. */
    SESSION_LOST(Side.PARTICIPANT, "session.lost", "The connection to a leader was lost and is there again."),
    // ---- initiator ----

    /** The transaction has its number. */
    BEGIN_SENT(Side.INITIATOR, "begin.sent", "The transaction has its number."),
    /** The commit is wanted and not asked for yet. */
    COMMIT_BEFORE_SEND(Side.INITIATOR, "commit.before-send", "The commit is wanted and not asked for yet."),
    /** The outcome is known to the SDK and not to the application yet. */
    OUTCOME_BEFORE_RETURN(
            Side.INITIATOR, "outcome.before-return", "The outcome is known to the SDK and not to the application yet.");

    private final Side side;
    private final String label;
    private final String meaning;

    FaultPoint(Side side, String label, String meaning) {
        this.side = side;
        this.label = label;
        this.meaning = meaning;
    }

    /** Whose step it is. */
    public enum Side {
        COORDINATOR,
        PARTICIPANT,
        INITIATOR
    }

    /** Whose step it is. */
    public Side side() {
        return side;
    }

    /** Whether the transaction of such a step is known; else a rule that asks for one would never strike. */
    public boolean isOfTransaction() {
        return switch (this) {
            case REPLY_BEFORE_SEND,
                    LEADER_ELECTED,
                    LEADER_READY,
                    LEADER_LOST,
                    LOG_BEFORE_FORCE,
                    SNAPSHOT_BEFORE_RENAME,
                    SNAPSHOT_INSTALLED,
                    RECOVERY_LISTED,
                    SESSION_LOST -> false;
            default -> true;
        };
    }

    /** Whether the step is one of the disk's, at which {@link FaultAction#isOfDisk} actions make sense. */
    public boolean isOnDisk() {
        return switch (this) {
            case LOG_BEFORE_FORCE, SNAPSHOT_BEFORE_RENAME, SNAPSHOT_INSTALLED -> true;
            default -> false;
        };
    }

    /** As it is written in rules: {@code <step>.<moment>}, such as {@code decision.before-append}; unique. */
    public String label() {
        return label;
    }

    /** What has happened by then and what has not, for people. */
    public String meaning() {
        return meaning;
    }

    /** The point with this label, if there is one. */
    public static Optional<FaultPoint> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(point -> point.label.equals(label))
                .findFirst();
    }

    /**
     * The point with this label.
     *
     * @throws IllegalArgumentException that names the points there are
     */
    public static FaultPoint parse(String label) {
        return ofLabel(label)
                .orElseThrow(() -> new IllegalArgumentException("no fault point '" + label + "'; there are "
                        + Arrays.stream(values()).map(FaultPoint::label).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return label;
    }
}
