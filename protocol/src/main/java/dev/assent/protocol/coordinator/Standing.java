package dev.assent.protocol.coordinator;

/** What a ready leader knows of an xid that is not in its memory. */
enum Standing {
    /** Decided COMMIT and not ended. */
    LISTED,
    /** Committed and ended. */
    ENDED,
    /** Its block was forgotten. */
    FORGOTTEN,
    /** Of an earlier term and none of the above: aborted, by presumption and for ever. */
    EARLIER,
    /** Of this term, its number never given out. */
    NEVER_LEASED,
    /** Of this term and never opened. */
    UNOPENED,
    /** Of this term, was opened or its lease has ended: aborted. */
    OVER
}
