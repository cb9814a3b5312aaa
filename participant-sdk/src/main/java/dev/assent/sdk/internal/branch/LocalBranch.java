package dev.assent.sdk.internal.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.message.Command;
import dev.assent.sdk.internal.jdbc.Attempted;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A branch that this process opened, until its end. Safe for use by several threads. */
public final class LocalBranch {
    private final BranchRef ref;
    private final OpenBranch open;
    private final BranchShell shell;
    private final CompletableFuture<Optional<Command.Refusal>> enlistment = new CompletableFuture<>();
    private final Queue<Runnable> afterCommit = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String closed;
    private volatile boolean isPromised;

    LocalBranch(BranchRef ref, OpenBranch open, BranchShell shell) {
        this.ref = ref;
        this.open = open;
        this.shell = shell;
    }

    /** Its id, which names this local transaction for ever. */
    public BranchId id() {
        return ref.branch();
    }

    BranchRef ref() {
        return ref;
    }

    OpenBranch open() {
        return open;
    }

    /**
     * Completed when the coordinator has acknowledged the branch (empty) or refused it. Whatever depends on it runs on the
     * thread that drives the core and must be short.
     */
    public CompletableFuture<Optional<Command.Refusal>> enlistment() {
        return enlistment;
    }

    /** What became of the branch, once it takes no more work. */
    public Optional<String> closed() {
        return Optional.ofNullable(closed);
    }

    /**
     * A handle for the application.
     *
     * @throws SQLException that says what became of the branch, once it takes no more work
     */
    public Connection handle(HandleUser user) throws SQLException {
        String state = closed;
        if (state != null) {
            throw new SQLException("Branch " + ref + " takes no more work: " + state);
        }
        return open.handle(user);
    }

    /**
     * Undoes what an attempt did in the branch. Blocks for the database.
     *
     * @return why it cannot be undone, if so; then the branch must not commit
     */
    public Optional<String> undo(Attempted attempt) {
        try {
            return open.undo(attempt)
                    ? Optional.empty()
                    : Optional.of("its work in branch " + id() + " cannot be undone singly, since other work overlapped"
                            + " with it or still runs");
        } catch (SQLException e) {
            return Optional.of("undoing its work in branch " + id() + " failed: " + e.getMessage());
        }
    }

    /** A call begins to use it. */
    public void entered() {
        shell.entered(id());
    }

    /** That call has ended. */
    public void left() {
        shell.left(id());
    }

    /**
     * No call uses it any more, beside those that are in it: it prepares and votes when they have left. Must come before the
     * call that promises it has left.
     */
    public void lastCall() {
        isPromised = true;
        shell.lastCall(id());
    }

    /** Whether a call promised to be the last one. */
    public boolean isPromised() {
        return isPromised;
    }

    /**
     * Work to be run once it has committed. A branch that carries some has something to commit even if it wrote nothing, or
     * it would not hear of the end; so it must be given before the call that gives it has left.
     */
    public void afterCommit(List<Runnable> work) {
        afterCommit.addAll(work);
    }

    /** Whether somebody here wants to hear that it committed. */
    boolean isAwaited() {
        return !afterCommit.isEmpty();
    }

    /** Gives out, once, what is to be run after the commit. */
    List<Runnable> takeAfterCommit() {
        List<Runnable> taken = new ArrayList<>();
        for (Runnable work = afterCommit.poll(); work != null; work = afterCommit.poll()) {
            taken.add(work);
        }
        return taken;
    }

    /** It can no longer commit. The first reason is kept. */
    public void doomed(String reason) {
        shell.doomed(id(), reason);
    }

    void close(String state) {
        closed = state;
        open.refuse(state);
    }

    /** It has ended; nobody may go on waiting for an acknowledgement that will never come. */
    void ended() {
        enlistment.complete(Optional.of(Command.Refusal.ABORTED));
    }
}
