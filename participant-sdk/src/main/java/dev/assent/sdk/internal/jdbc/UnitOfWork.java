package dev.assent.sdk.internal.jdbc;

import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * What one handle has done since its last commit, rollback or, in autocommit mode, statement. Belongs to the branch's
 * lock.
 */
final class UnitOfWork {
    /** Where the database goes back to when the unit is undone; null if it is the branch's first work. */
    @Nullable
    Savepoint savepoint;

    /** Whether {@link #savepoint} still has to be set, before the next statement. */
    boolean needsStart = true;

    /** Order of starts within the branch. */
    long startedAs;

    /** Whether it did something else than queries. */
    boolean changedSomething;

    /** Whether other units changed something since it started: then it cannot be undone without them. */
    boolean isOverlapped;
}
