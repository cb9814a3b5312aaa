package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.CallSums;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.CallAccount;
import dev.assent.protocol.initiator.CallReport;
import dev.assent.protocol.message.Command;
import dev.assent.sdk.internal.branch.BranchShell;
import dev.assent.sdk.internal.branch.LocalBranch;
import io.grpc.Context;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one process does for a transaction in one go: all of it at its initiator, one incoming call at a participant. Keeps
 * the account of the calls made and the branches used; what it reports decides whether the transaction may commit.
 *
 * <p>A scope is left once, and then takes no more work: a thread that goes on after its call was answered would work in a
 * transaction that may be deciding, where nobody accounts for it.
 *
 * <p>Safe for use by several threads; only {@link #connection} blocks, and holds no lock while it does.
 */
public final class TransactionScope {
    private static final Context.Key<TransactionScope> CURRENT = Context.key("assent-transaction");

    private final Identity identity;
    private final long deadlineNanos;

    private final Object lock = new Object();
    // All guarded by `lock`.
    private final CallAccount account = new CallAccount();
    private final Map<Place, LocalBranch> used = new LinkedHashMap<>();
    private final RunningTasks tasks = new RunningTasks(this::forbid);
    private final List<Runnable> afterCommit = new ArrayList<>();
    private long calls;
    private @Nullable String over;
    private boolean left;

    /**
     * Which scope it is.
     *
     * @param xid the transaction; asked for only when it is about to be seen outside, since a transaction that nobody has
     *     seen may still begin anew under another number
     * @param path how the calls of the transaction led here; empty at the initiator
     */
    public record Identity(Supplier<Xid> xid, String path) {
        public boolean isInitiator() {
            return path.isEmpty();
        }
    }

    /** Two services in one process may use resources of the same name, in one scope. */
    private record Place(BranchShell shell, ResourceName resource) {}

    /**
     * @param left of the transaction's timeout
     */
    public TransactionScope(Identity identity, Duration left) {
        this.identity = identity;
        this.deadlineNanos = System.nanoTime() + left.toNanos();
    }

    // ---- which scope a thread works in ----

    /** The scope in which this thread works, be it over or not. */
    public static Optional<TransactionScope> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** The present context, with this scope in it. */
    public Context inContext() {
        return Context.current().withValue(CURRENT, this);
    }

    /** The present context, with no scope in it. */
    public static Context outside() {
        return Context.current().withValue(CURRENT, null);
    }

    // ---- what it is ----

    /** The transaction; the same for ever once it was asked for. */
    public Xid xid() {
        return identity.xid().get();
    }

    /** Whether the transaction began here, and ends here. */
    public boolean isInitiator() {
        return identity.isInitiator();
    }

    /** What is left of the transaction's timeout; zero or less once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(deadlineNanos - System.nanoTime());
    }

    /** Why it takes no more work, if so. */
    public Optional<String> over() {
        synchronized (lock) {
            return Optional.ofNullable(over);
        }
    }

    // ---- branches ----

    /**
     * A connection that is a handle of this transaction's branch at a resource; opens the branch if there is none.
     *
     * @throws SQLException that names the transaction, its state and why
     */
    public Connection connection(BranchShell branches, ResourceName resource) throws SQLException {
        LocalBranch branch;
        synchronized (lock) {
            refuseWorkOnceOver();
            branch = used.get(new Place(branches, resource));
        }
        return branch != null
                ? branch.handle()
                : enter(new Place(branches, resource)).handle();
    }

    private LocalBranch enter(Place place) throws SQLException {
        Duration remaining = remaining();
        if (remaining.isNegative() || remaining.isZero()) {
            throw new SQLException("The timeout of transaction " + xid() + " has passed");
        }
        LocalBranch branch = place.shell.branchAt(xid(), place.resource, remaining);
        synchronized (lock) {
            LocalBranch other = used.get(place);
            if (other != null) {
                return other;
            }
            // Counted even if the scope is over by now: a branch that was opened must be entered, or it could never
            // vote.
            branch.entered();
            if (over != null) {
                branch.doomed(over);
                branch.left();
                refuseWorkOnceOver();
            }
            used.put(place, branch);
            account.used(branch.id());
        }
        return branch;
    }

    private void refuseWorkOnceOver() throws SQLException {
        if (over != null) {
            throw new SQLException("Transaction " + xid() + " takes no more work here: " + over);
        }
    }

    // ---- calls ----

    /**
     * A call that leaves.
     *
     * @param number within this scope
     * @param id within the transaction, the same when a transport repeats it
     * @param name what is called, for people
     */
    public record OutgoingCall(long number, String id, String name) {}

    /**
     * A call is about to leave.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    public OutgoingCall opened(String name) {
        Xid xid = xid();
        synchronized (lock) {
            if (over != null) {
                throw new IllegalStateException("transaction " + xid + " takes no more calls here: " + over);
            }
            long number = ++calls;
            account.opened(number, name);
            return new OutgoingCall(number, CallPath.child(identity.path(), number), name);
        }
    }

    /** It came back, with the account of what ran below it; without one if it passed a hop without the SDK. */
    public void succeeded(OutgoingCall call, Optional<CallReport> report) {
        synchronized (lock) {
            if (report.isPresent()) {
                account.succeeded(call.number(), report.get());
            } else {
                account.succeededWithoutReport(call.number());
            }
        }
    }

    /** It failed, or nobody knows how it ended. */
    public void failed(OutgoingCall call, String why) {
        synchronized (lock) {
            account.failed(call.number(), why);
        }
    }

    /** The transaction must not commit, whatever comes. The first reason is kept. */
    public void forbid(String why) {
        synchronized (lock) {
            account.forbid(why);
        }
    }

    /** Why the transaction must not commit, as things stand. */
    public Optional<String> forbidden() {
        synchronized (lock) {
            return account.forbidden();
        }
    }

    // ---- work on other threads ----

    /**
     * Work of this scope that goes on beside the thread that is in it: until it has ended the transaction must not commit.
     *
     * @param name for people
     * @throws IllegalStateException if the scope takes no more work
     */
    public RunningTasks.Task taskStarted(String name) {
        Xid xid = xid();
        synchronized (lock) {
            if (over != null) {
                throw new IllegalStateException(
                        name + " comes too late: transaction " + xid + " takes no more work here: " + over
                                + ". Wait for such work before the transaction's own returns");
            }
            return tasks.started(name);
        }
    }

    // ---- after the commit ----

    /**
     * Remembers what is to be run after the commit.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    public void afterCommit(Runnable work) {
        Xid xid = xid();
        synchronized (lock) {
            if (over != null) {
                throw new IllegalStateException("transaction " + xid + " takes no more work here: " + over);
            }
            afterCommit.add(work);
        }
    }

    /** What is to be run after the commit, in the order in which it was given. */
    public List<Runnable> afterCommit() {
        synchronized (lock) {
            return List.copyOf(afterCommit);
        }
    }

    /** A process that only takes part hears of the end through its branches, and through nothing else. */
    private Optional<String> deaf() {
        return afterCommit.isEmpty() || isInitiator() || !used.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "afterCommit was called, but the call used no resource of this process, so that it would"
                                + " never hear of the commit: use one in the same call, or register where the transaction began");
    }

    // ---- the end ----

    /**
     * From now on it takes no more work. Completed when the coordinator has answered the enlistment of every branch used and
     * work on other threads has ended, or goes on: with the reason why the transaction cannot commit, or with empty. The scope still has to be {@link #leave left}.
     */
    public CompletableFuture<Optional<String>> close(String why) {
        List<LocalBranch> branches;
        CompletableFuture<Optional<String>> settled;
        synchronized (lock) {
            over = over == null ? why : over;
            branches = new ArrayList<>(used.values());
            settled = CompletableFuture.completedFuture(deaf());
        }
        for (LocalBranch branch : branches) {
            settled = settled.thenCombine(
                    branch.enlistment(), (found, refusal) -> found.or(() -> complaint(branch, refusal)));
        }
        return settled.thenCombine(tasks.ended(), (found, running) -> found.or(() -> running));
    }

    private static Optional<String> complaint(LocalBranch branch, Optional<Command.Refusal> refusal) {
        return branch.closed()
                .map(state -> "branch " + branch.id() + ": " + state)
                .or(() -> refusal.map(reason -> "branch " + branch.id() + " was refused: " + reason));
    }

    /**
     * Leaves every branch used, dooming them if the scope failed. Only the first time has an effect.
     *
     * @return the account, final now
     */
    public CallReport leave(Optional<String> failure) {
        synchronized (lock) {
            over = over == null ? failure.orElse("it has ended") : over;
            failure.or(tasks::running).ifPresent(account::forbid);
            if (!left) {
                left = true;
                if (failure.isEmpty() && !isInitiator()) {
                    // Before it is left, or the branch could vote READ_ONLY without them and never hear of the commit.
                    used.values().stream().findFirst().ifPresent(branch -> branch.afterCommit(afterCommit));
                }
                for (LocalBranch branch : used.values()) {
                    failure.ifPresent(branch::doomed);
                    branch.left();
                }
            }
            return account.report();
        }
    }

    /** What {@code Commit()} carries. */
    public CallSums sums() {
        synchronized (lock) {
            return account.sums();
        }
    }
}
