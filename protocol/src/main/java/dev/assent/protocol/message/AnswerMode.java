package dev.assent.protocol.message;

/** When {@code Commit()} is answered. */
public enum AnswerMode {
    /** When every branch has acknowledged: the initiator reads its own writes. The default. */
    AFTER_APPLY,
    /** As soon as the decision stands. */
    AFTER_DECISION
}
