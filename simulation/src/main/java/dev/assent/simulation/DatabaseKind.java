package dev.assent.simulation;

/** How databases differ in what they do with a prepared branch. */
enum DatabaseKind {
    /** The session that prepared it is free at once, and any session finishes it, durably: PostgreSQL. */
    FREE,
    /** The session that prepared it holds it: no other one finishes it before the server has seen that one end: MySQL. */
    HELD,
    /**
     * Any session may commit it, but only its own rolls it back before the database was opened again; and a commit is
     * visible before it is forced, so that a crash takes it back: H2.
     */
    REOPENED;

    /** Whether its process keeps the connection and finishes it there. */
    boolean isHeldByOwner() {
        return this != FREE;
    }

    /** Whether a crash takes back what was committed and not forced since. */
    boolean isForcedLater() {
        return this == REOPENED;
    }
}
