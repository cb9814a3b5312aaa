package dev.assent.sdk.annotation;

/** When a commit returns. */
public enum AnswerWhen {
    /** When every branch has committed: the initiator reads its own writes. */
    APPLIED,
    /** As soon as the decision stands: it is certain that every branch will commit. */
    DECIDED
}
