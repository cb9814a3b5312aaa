package dev.assent.protocol;

/** What happened to a global transaction. */
public enum Outcome {
    /** Every branch committed or will; nothing can change that. */
    COMMITTED,
    /** Nothing happened. */
    ABORTED,
    /** Somebody interfered by hand and branches are known to differ. */
    MIXED,
    /** An operator gave a branch up and nobody has settled it: what it did is not known. */
    HAZARD
}
