package dev.assent.sdk.internal.branch;

import dev.assent.protocol.branch.BranchInput;
import dev.assent.sdk.internal.jdbc.Attempted;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * An open local transaction on a connection of its own. Steps are called one after another and may block; {@link
 * #handle}, {@link #refuse} and {@link #cancel} may come at any time, from any thread.
 */
public interface OpenBranch {
    /**
     * A new handle of the one physical connection.
     *
     * @throws SQLException if the branch takes no more work
     */
    Connection handle(HandleUser user) throws SQLException;

    /**
     * Undoes what an attempt did in the branch. May block for the database.
     *
     * @return false if nothing was undone, since it cannot be done without other work
     * @throws SQLException if the database failed, so that nobody knows what is left of the attempt's work
     */
    boolean undo(Attempted attempt) throws SQLException;

    /** From now on every use of any handle fails with this text. Does not block. */
    void refuse(String state);

    /** Cancels the statement that runs, if one does. May block for the database. */
    void cancel();

    /**
     * Waits until no statement runs.
     *
     * @return the statement that still runs after that time, for people; empty if none does
     */
    Optional<String> awaitIdle(Duration atMost) throws InterruptedException;

    /**
     * Answers with {@code EvidenceWritten}, {@code NothingWritten} or {@code PrepareFailed}.
     *
     * @param isAwaited whether somebody waits for the branch's commit, so that it takes part though it wrote nothing
     */
    BranchInput writeEvidence(boolean isAwaited);

    /** Answers with {@code Prepared} or {@code PrepareFailed}. */
    BranchInput prepare();

    /** Rolls back, or loses the connection, which is the same; the connection goes back where it came from. */
    void rollBack();
}
