package dev.assent.protocol;

/** The coordinator's word. */
public enum Decision {
    COMMIT,
    ABORT
}
