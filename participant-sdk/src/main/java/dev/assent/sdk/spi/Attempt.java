package dev.assent.sdk.spi;

/** What a database said when told to finish a prepared branch. "Not now" is a {@link java.sql.SQLException}. */
public enum Attempt {
    /** It is finished, by this call. */
    DONE,

    /**
     * The database knows no such prepared branch, or will not say so to this session. It proves nothing: the branch may
     * have been finished either way, or be held by the session that prepared it.
     */
    UNKNOWN_TO_DATABASE
}
