package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.branch.BranchRef;
import dev.assent.sdk.spi.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One local transaction on one physical connection, shared by any number of handles. Thread-safe: whoever touches the
 * connection holds the branch's lock, so it does one thing at a time, for the application and for the protocol alike.
 */
public final class JdbcBranch {
    /** For a statement of another thread; whoever undoes has ended its own. */
    private static final Duration UNDO_WAIT = Duration.ofSeconds(2);

    private final BranchRef ref;
    private final String name;
    private final Connection physical;
    private final Dialect dialect;
    private final SessionSettings settings;
    private final StatementLimits limits;
    private final UnitLedger units;
    private final ReentrantLock lock = new ReentrantLock();
    private final Object runningGuard = new Object();

    private @Nullable Running running;
    private volatile @Nullable String closedState;
    private boolean isWorking;
    private boolean isOver;

    /** A statement that is being executed. */
    private record Running(Statement statement, String sql) {}

    /** A call of the application on the physical connection, with what the driver returns. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object run() throws SQLException;
    }

    /** The same for a call that returns nothing. */
    @FunctionalInterface
    interface Action {
        void run() throws SQLException;
    }

    /** A step of the protocol, with whether it did what it is for. */
    @FunctionalInterface
    interface Step {
        boolean run() throws SQLException;
    }

    JdbcBranch(BranchRef ref, Dialect dialect, OpenedConnection opened) {
        this.ref = ref;
        this.dialect = dialect;
        this.name = opened.name();
        this.physical = opened.physical();
        this.settings = opened.settings();
        this.limits = opened.limits();
        this.units = new UnitLedger(physical, () -> dialect.undoAll(physical, name));
    }

    /** Which branch this is. */
    public BranchRef ref() {
        return ref;
    }

    /**
     * A connection on the branch, for the application.
     *
     * @param hooks hears what becomes of the work done through this handle
     */
    public Connection handle(BranchHooks hooks) {
        return new ConnectionHandle(new HandleScope(this, hooks)).proxy();
    }

    /**
     * Closes the branch for the application: from now on every call through a handle fails with this text. A statement that
     * runs goes on; see {@link #awaitIdle} and {@link #cancelRunning}. The last text given is the one that is shown.
     *
     * @param state for people: what became of the branch, and why
     */
    public void close(String state) {
        closedState = state;
    }

    /** Asks the database to stop the statement that runs, if one does. Not every wait of a database hears it. */
    public void cancelRunning() throws SQLException {
        synchronized (runningGuard) {
            if (running != null) {
                running.statement().cancel();
            }
        }
    }

    /**
     * Waits until the application has no call on the connection.
     *
     * @return false if one is still running; {@link #runningStatement} names it
     */
    public boolean awaitIdle(Duration timeout) throws InterruptedException {
        if (!lock.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        lock.unlock();
        return true;
    }

    /** The SQL text that is being executed for the application. */
    public Optional<String> runningStatement() {
        synchronized (runningGuard) {
            return Optional.ofNullable(running).map(Running::sql);
        }
    }

    // ---- for handles ----

    @Nullable
    Object forApplication(Call call) throws SQLException {
        // Looked at before and after waiting: nobody waits for a branch that is over, nor slips in behind its vote.
        checkUsable();
        lock.lock();
        try {
            checkUsable();
            return call.run();
        } finally {
            lock.unlock();
        }
    }

    /** Like {@link #forApplication}, but does nothing instead of failing when the branch is closed. */
    void ifUsable(Action action) throws SQLException {
        lock.lock();
        try {
            if (closedState == null) {
                action.run();
            }
        } finally {
            lock.unlock();
        }
    }

    private void checkUsable() throws SQLException {
        String state = closedState;
        if (state != null) {
            throw new BranchClosedException(ref, state);
        }
    }

    boolean isClosed() {
        return closedState != null;
    }

    /** Executes a statement of the application, findable as the running one. The caller holds the lock. */
    @Nullable
    Object execute(Statement statement, String sql, Call call) throws SQLException {
        isWorking = true;
        synchronized (runningGuard) {
            running = new Running(statement, sql);
        }
        try {
            return call.run();
        } finally {
            // A cancel that comes later than this would hit the next user of the connection.
            synchronized (runningGuard) {
                running = null;
            }
        }
    }

    /** Cancels this statement if it is the one that runs. Needs no lock: the running statement has it. */
    void cancel(Statement statement) throws SQLException {
        synchronized (runningGuard) {
            if (running != null && running.statement() == statement) {
                statement.cancel();
            }
        }
    }

    /** Whether a statement of the application was executed. */
    boolean isWorking() {
        return isWorking;
    }

    Connection physical() {
        return physical;
    }

    Dialect dialect() {
        return dialect;
    }

    UnitLedger units() {
        return units;
    }

    SessionSettings settings() {
        return settings;
    }

    StatementLimits limits() {
        return limits;
    }

    // ---- attempts ----

    /**
     * Undoes what an attempt did in the branch.
     *
     * @return false if that cannot be done: it overlapped with other work, a statement still runs, or the branch takes no
     *     more work. Then nothing was undone
     * @throws SQLException if the database failed; what is left of the attempt's work is not known
     */
    public boolean undo(Attempted attempt) throws SQLException {
        boolean[] isUndone = {false};
        boolean isIdle = forProtocol(UNDO_WAIT, () -> {
            if (closedState == null) {
                isUndone[0] = units.undo(attempt);
            }
        });
        return isIdle && isUndone[0];
    }

    // ---- for the resource ----

    String name() {
        return name;
    }

    /** Does a step of the protocol, alone on the connection. */
    boolean forProtocol(Step step) throws SQLException {
        lock.lock();
        try {
            return step.run();
        } finally {
            lock.unlock();
        }
    }

    /** The same, if the connection is free in time; false otherwise. */
    boolean forProtocol(Duration wait, Action action) throws SQLException {
        boolean isMine = false;
        try {
            isMine = lock.tryLock(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!isMine) {
            return false;
        }
        try {
            action.run();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the connection has left the branch for good. Under the lock. */
    boolean isOver() {
        return isOver;
    }

    /** The connection is nobody's concern here any more. Under the lock. */
    void over() {
        isOver = true;
        if (closedState == null) {
            closedState = "ended";
        }
    }
}
