package dev.assent.coordinator.fault;

import java.util.Locale;
import java.util.Optional;

/**
 * A moment between two steps of the coordinator at which it can be made to stop. What the world has seen by then is in
 * each point's comment; the protocol must survive a stop at every one of them.
 */
public enum FaultPoint {
    /** The core has added the branch, or found it known; the participant has not heard so. */
    ENLIST_BEFORE_ACK,
    /** A commit request is in the loop; the core has not seen it. */
    COMMIT_RECEIVED,
    /** Prepare was handed to the participant's stream. */
    PREPARE_SENT,
    /** A vote is in the loop; the core has not seen it. */
    VOTE_RECEIVED,
    /** All votes are in and the decision is made; its record has not been submitted. */
    DECISION_BEFORE_APPEND,
    /** The decision's record was submitted to the log; its fate is open. */
    DECISION_APPENDED,
    /** The decision's record was applied and stood; nobody has been told. */
    DECISION_APPLIED,
    /** An outcome is known for certain and about to be told to whoever asked. */
    REPLY_BEFORE_SEND,
    /** Commit or abort is about to be sent to a branch. */
    COMMAND_BEFORE_SEND,
    /** A branch's report on its command is in the loop; the core has not seen it. */
    ACK_RECEIVED,
    /** Every branch has acknowledged; the record that ends the listing has not been submitted. */
    ENDED_BEFORE_APPEND,
    /** The log says that this node leads; its loop is not ready and answers nothing. */
    LEADER_ELECTED,
    /** The loop's own first record of the term stands; no instance has been told. */
    LEADER_READY,
    /** The log says that this node no longer leads; the core has not seen it. */
    LEADER_LOST;

    /** As it is written in configuration: {@code decision.before-append}. */
    public String label() {
        String name = name().toLowerCase(Locale.ROOT);
        int end = name.indexOf('_');
        return name.substring(0, end) + "." + name.substring(end + 1).replace('_', '-');
    }

    /** The point with this label, if there is one. */
    public static Optional<FaultPoint> ofLabel(String label) {
        for (FaultPoint point : values()) {
            if (point.label().equals(label)) {
                return Optional.of(point);
            }
        }
        return Optional.empty();
    }
}
