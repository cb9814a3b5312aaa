package dev.assent.sdk.spi;

import dev.assent.protocol.branch.BranchRef;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What differs between databases in the life of a branch. A dialect only carries out single steps; their order is decided
 * elsewhere: begin, the application's statements, evidence, prepare, then commit or roll back.
 *
 * <p>Two kinds of connections appear. The <em>owner</em> is the connection that the application worked on and that
 * prepares. An <em>own</em> connection belongs to the SDK alone, is in autocommit mode at READ COMMITTED, and finishes
 * branches whose owner is gone.
 *
 * <p>A failure is a {@link SQLException} and means "not done, try again", or during prepare a vote of NO. Implementations
 * are thread-safe and keep no state about branches: the process may stop between any two calls, and another process goes
 * on.
 */
public interface Dialect {

    /** Name of the database product, for messages. */
    String name();

    /** Whether this dialect serves the connected database, of whatever version. */
    boolean recognises(DatabaseMetaData metaData) throws SQLException;

    /**
     * Whether the owner must be kept, untouched and hidden from its pool, from prepare until the branch is finished. If
     * not, it goes back to the pool after prepare, and any own connection finishes the branch.
     */
    boolean holdsOwner();

    // ---- the owner ----

    /**
     * Opens the branch's local transaction. The connection comes fresh from its pool; afterwards nothing that the
     * application sends may commit by itself.
     *
     * @return the name under which the database will list the branch once it is prepared; given back to the calls below
     */
    String begin(Connection owner, BranchRef branch) throws SQLException;

    /**
     * Whether the open transaction changed or locked anything. May say true when unsure, never wrongly false: a branch that
     * wrote nothing votes READ_ONLY and is forgotten.
     */
    boolean wroteAnything(Connection owner) throws SQLException;

    /**
     * Prepares the open transaction, whose evidence row is inserted already. On return it survives any crash of process and
     * database, and a loss of power.
     */
    void prepare(Connection owner, String name) throws SQLException;

    /** Undoes everything since {@link #begin} and leaves the branch open for further work. */
    void undoAll(Connection owner, String name) throws SQLException;

    /** Ends the branch that is not prepared. The connection is ready for {@link #reset} afterwards. */
    void rollBack(Connection owner, String name) throws SQLException;

    /**
     * Commits the prepared branch on its owner, durably. Called only if {@link #holdsOwner}. Must notice when somebody else
     * finished the branch meanwhile, also where the database does not.
     */
    Attempt commitPrepared(Connection owner, String name) throws SQLException;

    /** Rolls the prepared branch back on its owner; otherwise like {@link #commitPrepared}. */
    Attempt rollBackPrepared(Connection owner, String name) throws SQLException;

    /** Takes back what {@link #begin} changed on the connection, before its pool gets it again. */
    void reset(Connection owner) throws SQLException;

    /**
     * Closes the physical connection behind the pool's back so that a prepared branch on it stays in doubt, whatever the
     * pool does with its own object afterwards.
     */
    void abandon(Connection owner) throws SQLException;

    // ---- own connections ----

    /** Commits a prepared branch whose owner is not at hand, durably. */
    Attempt commitOrphan(Connection own, BranchRef branch) throws SQLException;

    /**
     * Rolls back a prepared branch whose owner is not at hand. A dialect that cannot know that this is safe now throws,
     * saying what has to happen first.
     */
    Attempt rollBackOrphan(Connection own, BranchRef branch) throws SQLException;

    /**
     * All prepared branches of this database that bear a name of Assent, of whatever cluster and resource. Never an
     * incomplete list: on any doubt it throws.
     */
    List<BranchRef> listPrepared(Connection own) throws SQLException;

    /** Makes everything that is committed so far durable, if commits of this database are not durable by themselves. */
    void force(Connection own) throws SQLException;

    // ---- evidence ----

    /** Names of the tables that {@link EvidenceSql#createTable} creates. The first one is the evidence table. */
    List<String> tables();

    /** The statements on the evidence table. */
    EvidenceSql evidence();

    // ---- the application's statements ----

    /** Why a statement must not reach the database inside a branch; empty if it may. Sees what the application sent. */
    Optional<String> refusal(String sql);

    /**
     * What work of the branch a failed statement took with it beyond its own; empty if none. A deadlock that rolled the
     * whole transaction back, for example, must not be followed by a YES.
     */
    Optional<String> workLostBy(SQLException failure);

    /** How long a statement on this connection waits for a lock, in milliseconds; negative if there is no such limit. */
    long lockTimeoutMillis(Connection owner) throws SQLException;

    /**
     * Changes how long a statement waits for a lock, without touching the transaction.
     *
     * @param millis at least 1, or what {@link #lockTimeoutMillis} said
     */
    void setLockTimeoutMillis(Connection owner, long millis) throws SQLException;

    // ---- start ----

    /**
     * Checks version, settings and privileges, and sets up what the dialect needs beside the evidence table. Finds all
     * problems at once.
     */
    List<StartupProblem> check(Connection own, StartupScope scope) throws SQLException;
}
