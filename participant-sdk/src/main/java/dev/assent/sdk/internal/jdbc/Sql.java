package dev.assent.sdk.internal.jdbc;

/**
 * A text that the dialect let pass.
 *
 * @param isQuery whether it does nothing but look
 */
record Sql(String text, boolean isQuery) {
    /** Rows changed through a result set. */
    static final Sql RESULT_SET_UPDATE = new Sql("(update through a result set)", false);

    static Sql of(String text) {
        return new Sql(text, SqlText.of(text).isQuery());
    }
}
