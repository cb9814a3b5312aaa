package dev.assent.sdk.internal.jdbc;

/** What became of a prepared branch. "Try again" is a {@link java.sql.SQLException}. */
public enum Finish {
    /** Committed, now or earlier, durably. */
    COMMITTED,

    /** Told to commit: neither listed as prepared nor, read afterwards, in the evidence table. */
    NOTHING_FOUND,

    /** Nothing of it is left. */
    ROLLED_BACK,

    /** Told to roll back: its evidence row shows that it is committed. */
    FOUND_COMMITTED
}
