package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.CallSums;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.CallReport;
import dev.assent.sdk.internal.branch.BranchShell;
import dev.assent.sdk.internal.branch.LocalBranch;
import dev.assent.sdk.internal.propagation.CallsMade.OutgoingCall;
import dev.assent.sdk.internal.propagation.UsedBranches.Place;
import io.grpc.Context;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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

    private final CallsMade calls;
    private final UsedBranches used = new UsedBranches();
    private final RunningTasks tasks = new RunningTasks();
    private final Attempts attempts;

    private final Object lock = new Object();
    // All guarded by `lock`.
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean isLastCall;
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

    private TransactionScope(Identity identity, Duration left, boolean isAttempt) {
        this.identity = identity;
        this.calls = new CallsMade(identity.path());
        this.deadlineNanos = System.nanoTime() + left.toNanos();
        this.attempts = new Attempts(this, isAttempt, used, tasks);
    }

    /**
     * At the initiator, or of a call that is undone by nobody.
     *
     * @param left of the transaction's timeout
     */
    public TransactionScope(Identity identity, Duration left) {
        this(identity, left, false);
    }

    /** Of an incoming call. */
    static TransactionScope ofCall(Headers headers) {
        return new TransactionScope(
                new Identity(headers::xid, headers.call()), headers.remaining(), headers.isAttempt());
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
        Optional<LocalBranch> branch;
        synchronized (lock) {
            refuseWorkOnceOver();
            branch = used.at(new Place(branches, resource));
        }
        return branch.isPresent()
                ? branch.get().handle(attempts)
                : enter(new Place(branches, resource)).handle(attempts);
    }

    private LocalBranch enter(Place place) throws SQLException {
        Duration remaining = remaining();
        if (remaining.isNegative() || remaining.isZero()) {
            throw new SQLException("The timeout of transaction " + xid() + " has passed");
        }
        LocalBranch branch = place.shell().branchAt(xid(), place.resource(), remaining);
        synchronized (lock) {
            Optional<LocalBranch> other = used.at(place);
            if (other.isPresent()) {
                return other.get();
            }
            // Counted even if the scope is over by now: a branch that was opened must be entered, or it could never
            // vote.
            branch.entered();
            if (branch.isPromised()) {
                String why = "a call promised to be the last one at resource " + place.resource()
                        + " of this process, and another one came";
                calls.forbid(why);
                branch.left();
                throw new SQLException("Transaction " + xid() + ": " + why);
            }
            if (over != null) {
                branch.doomed(over);
                branch.left();
                refuseWorkOnceOver();
            }
            used.add(place, branch);
            calls.used(branch.id());
        }
        return branch;
    }

    private void refuseWorkOnceOver() throws SQLException {
        if (over != null) {
            throw new SQLException("Transaction " + xid() + " takes no more work here: " + over);
        }
    }

    private void refuseOnceOver(Xid xid, String what) {
        if (over != null) {
            throw new IllegalStateException("transaction " + xid + " takes no more " + what + " here: " + over);
        }
    }

    // ---- calls ----

    /**
     * A call is about to leave; {@link #calls} have to hear of its end.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    OutgoingCall opened(String name) {
        Xid xid = xid();
        Optional<Attempt> around = attempts.around();
        synchronized (lock) {
            refuseOnceOver(xid, "calls");
            return calls.opened(name, around);
        }
    }

    /** Those that were made, and what forbids the commit. */
    CallsMade calls() {
        return calls;
    }

    /** The transaction must not commit, whatever comes. The first reason is kept. */
    public void forbid(String why) {
        calls.forbid(why);
    }

    /** The transaction must not commit, unless the attempt around, if there is one, is undone. */
    public void forbidUnlessUndone(String why) {
        attempts.around().ifPresentOrElse(attempt -> attempt.forbid(why), () -> forbid(why));
    }

    /** Why the transaction must not commit, as things stand. */
    public Optional<String> forbidden() {
        synchronized (lock) {
            return calls.forbidden().or(attempts::forbidding);
        }
    }

    // ---- attempts ----

    /** The attempt that all of this scope is, since its call was made inside one. */
    Optional<Attempt> wholeCall() {
        return attempts.wholeCall();
    }

    /**
     * An attempt begins, inside whatever attempt this context is in. It has to be told to {@link #stood} or {@link #failed}.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    public Attempt attempt(Context around) {
        Xid xid = xid();
        synchronized (lock) {
            refuseOnceOver(xid, "work");
            attempts.begun();
        }
        return Attempt.declared(this, around);
    }

    /** It went well. */
    public void stood(Attempt attempt) {
        attempts.stood(attempt);
    }

    /** It failed: undoes all that it did, or forbids the commit. Blocks for the databases. */
    public void failed(Attempt attempt, Throwable failure) {
        attempts.failed(attempt, failure);
    }

    /** Undoes all that this call did, once it is closed; why that is not possible, if so. Blocks for the databases. */
    Optional<String> undoCall() {
        return calls.forbidden().or(() -> wholeCall().flatMap(attempts::undo));
    }

    /**
     * When this scope is left, no further call of the transaction will use the branches that it used: they vote at once.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    public void lastCall() {
        Xid xid = xid();
        synchronized (lock) {
            refuseOnceOver(xid, "work");
            isLastCall = true;
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
        return taskStarted(name, attempts.around());
    }

    /** The same for work that is part of an attempt. */
    RunningTasks.Task taskStarted(String name, Optional<Attempt> within) {
        Xid xid = xid();
        Consumer<String> forbidding =
                within.<Consumer<String>>map(it -> it::forbid).orElse(this::forbid);
        synchronized (lock) {
            if (over != null) {
                throw new IllegalStateException(
                        name + " comes too late: transaction " + xid + " takes no more work here: " + over
                                + ". Wait for such work before the transaction's own returns");
            }
            return tasks.started(name, within, forbidding);
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
            refuseOnceOver(xid, "work");
            Optional<Attempt> around = attempts.around().filter(Attempt::isDeclared);
            around.ifPresentOrElse(attempt -> attempt.afterCommit(work), () -> afterCommit.add(work));
        }
    }

    /** The same, of an attempt that stands. */
    void follows(Runnable work) {
        synchronized (lock) {
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
                        "afterCommit was called, but the call used no resource of this process, so that it would never"
                                + " hear of the commit: use one in the same call, or register where the transaction"
                                + " began");
    }

    // ---- the end ----

    /**
     * From now on it takes no more work. Completed when the coordinator has answered the enlistment of every branch used
     * and work on other threads has ended, or goes on: with the reason why the transaction cannot commit, or with empty.
     * The scope still has to be {@link #leave left}.
     */
    public CompletableFuture<Optional<String>> close(String why) {
        Optional<String> deaf;
        synchronized (lock) {
            over = over == null ? why : over;
            deaf = deaf();
        }
        return used.enlisted()
                .thenApply(found -> deaf.or(() -> found))
                .thenCombine(tasks.ended(), (found, running) -> found.or(() -> running));
    }

    /** The same for a call that failed: what it wanted after the commit will not be run, so nobody has to hear of that. */
    CompletableFuture<Optional<String>> closeFailed(String why) {
        synchronized (lock) {
            afterCommit.clear();
        }
        return close(why);
    }

    /**
     * Leaves every branch used, dooming them if the scope failed. Only the first time has an effect.
     *
     * @return the account, final now
     */
    public CallReport leave(Optional<String> failure) {
        synchronized (lock) {
            over = over == null ? failure.orElse("it has ended") : over;
            failure.or(tasks::running).or(attempts::forbidding).ifPresent(calls::forbid);
            if (!left) {
                left = true;
                if (failure.isEmpty() && !isInitiator()) {
                    // Before it is left, or the branch could vote READ_ONLY without them and never hear of the commit.
                    used.all().stream().findFirst().ifPresent(branch -> branch.afterCommit(afterCommit));
                }
                for (LocalBranch branch : used.all()) {
                    failure.ifPresent(branch::doomed);
                    if (failure.isEmpty() && isLastCall) {
                        branch.lastCall();
                    }
                    branch.left();
                }
            }
            wholeCall().ifPresent(Attempt::over);
            return calls.report();
        }
    }

    /** Leaves every branch used without dooming it: nothing of what this call did is left in them. */
    CallReport leaveUndone() {
        synchronized (lock) {
            if (!left) {
                left = true;
                afterCommit.clear();
                used.all().forEach(LocalBranch::left);
            }
            wholeCall().ifPresent(Attempt::over);
            return calls.report();
        }
    }

    /** What {@code Commit()} carries. */
    public CallSums sums() {
        return calls.sums();
    }
}
