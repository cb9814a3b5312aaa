package dev.assent.sdk.internal.propagation;

import dev.assent.protocol.CallSums;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.CallAccount;
import dev.assent.protocol.initiator.CallReport;
import dev.assent.sdk.internal.branch.BranchShell;
import dev.assent.sdk.internal.branch.HandleUser;
import dev.assent.sdk.internal.branch.LocalBranch;
import dev.assent.sdk.internal.jdbc.Attempted;
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

    private final @Nullable Attempt wholeCall;
    private final UsedBranches used = new UsedBranches();
    private final RunningTasks tasks = new RunningTasks();
    private final HandleUser handles = new Handles();

    private final Object lock = new Object();
    // All guarded by `lock`.
    private final CallAccount account = new CallAccount();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private int openAttempts;
    private boolean isLastCall;
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

    private TransactionScope(Identity identity, Duration left, boolean isAttempt) {
        this.identity = identity;
        this.deadlineNanos = System.nanoTime() + left.toNanos();
        this.wholeCall = isAttempt ? Attempt.ofCall(this) : null;
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
                ? branch.get().handle(handles)
                : enter(new Place(branches, resource)).handle(handles);
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
                account.forbid(why);
                branch.left();
                throw new SQLException("Transaction " + xid() + ": " + why);
            }
            if (over != null) {
                branch.doomed(over);
                branch.left();
                refuseWorkOnceOver();
            }
            used.add(place, branch);
            account.used(branch.id());
        }
        return branch;
    }

    /** What handles ask: in which attempts their thread works, and who answers for what was undone. */
    private final class Handles implements HandleUser {
        @Override
        public List<Attempted> attempts() {
            return around().map(Attempt::chain).orElseGet(List::of);
        }

        @Override
        public boolean answersForUndone(String reason) {
            Optional<Attempt> around = around();
            // Code that declared the attempt knows that work in it may be undone; a call that somebody made in one
            // does not, and may answer that all went well.
            around.filter(it -> !it.isDeclared()).ifPresent(it -> it.forbid(reason));
            return around.isPresent();
        }
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
     * @param within the attempt that it is part of
     */
    record OutgoingCall(long number, String id, String name, Optional<Attempt> within) {}

    /**
     * A call is about to leave.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    OutgoingCall opened(String name) {
        Xid xid = xid();
        Optional<Attempt> around = around();
        synchronized (lock) {
            if (over != null) {
                throw new IllegalStateException("transaction " + xid + " takes no more calls here: " + over);
            }
            long number = ++calls;
            account.opened(number, name);
            around.ifPresent(Attempt::callOpened);
            return new OutgoingCall(number, CallPath.child(identity.path(), number), name, around);
        }
    }

    /** It came back, with the account of what ran below it; without one if it passed a hop without the SDK. */
    void succeeded(OutgoingCall call, Optional<CallReport> report) {
        call.within().ifPresent(it -> it.callStands(call.name()));
        synchronized (lock) {
            if (report.isPresent()) {
                account.succeeded(call.number(), report.get());
            } else {
                account.succeededWithoutReport(call.number());
            }
        }
    }

    /** It failed, and its callee has undone all that it did; its branches count it all the same. */
    void undone(OutgoingCall call, CallReport report, String why) {
        synchronized (lock) {
            account.succeeded(call.number(), report);
        }
        call.within().ifPresent(attempt -> {
            if (!attempt.isDeclared()) {
                // Nobody here expects it to fail: only if this call fails, too, is nothing half done.
                attempt.forbid("call " + call.name() + " failed: " + why);
            }
            attempt.callUndone();
        });
    }

    /** It failed, or nobody knows how it ended. */
    void failed(OutgoingCall call, String why) {
        synchronized (lock) {
            account.failed(call.number(), why);
        }
        call.within().ifPresent(Attempt::callUndone);
    }

    /** The transaction must not commit, whatever comes. The first reason is kept. */
    public void forbid(String why) {
        synchronized (lock) {
            account.forbid(why);
        }
    }

    /** The transaction must not commit, unless the attempt around, if there is one, is undone. */
    public void forbidUnlessUndone(String why) {
        around().ifPresentOrElse(attempt -> attempt.forbid(why), () -> forbid(why));
    }

    /** Why the transaction must not commit, as things stand. */
    public Optional<String> forbidden() {
        synchronized (lock) {
            return account.forbidden().or(this::forbiddenByAttempts);
        }
    }

    private Optional<String> forbiddenByAttempts() {
        return wholeCall()
                .flatMap(Attempt::forbids)
                .or(() -> openAttempts == 0 ? Optional.empty() : Optional.of("an attempt is still going on"));
    }

    // ---- attempts ----

    /** The attempt that all of this scope is, since its call was made inside one. */
    Optional<Attempt> wholeCall() {
        return Optional.ofNullable(wholeCall);
    }

    private Optional<Attempt> around() {
        return Attempt.in(Context.current(), this);
    }

    /**
     * An attempt begins, inside whatever attempt this context is in. It has to be told to {@link #stood} or {@link #failed}.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    public Attempt attempt(Context around) {
        Xid xid = xid();
        synchronized (lock) {
            if (over != null) {
                throw new IllegalStateException("transaction " + xid + " takes no more work here: " + over);
            }
            openAttempts++;
        }
        return Attempt.declared(this, around);
    }

    /** It went well. */
    public void stood(Attempt attempt) {
        attempt.stood();
        synchronized (lock) {
            openAttempts--;
        }
    }

    /** It failed: undoes all that it did, or forbids the commit. Blocks for the databases. */
    public void failed(Attempt attempt, Throwable failure) {
        Optional<String> obstacle = undo(attempt);
        attempt.over();
        obstacle.ifPresent(why -> forbid("an attempt failed (" + failure + ") and was not undone: " + why));
        synchronized (lock) {
            openAttempts--;
        }
    }

    private Optional<String> undo(Attempt attempt) {
        // Also if there is an obstacle: nobody may see the rest of what failed.
        Optional<String> obstacle = tasks.awaitEnd(attempt).or(attempt::obstacle);
        Optional<String> left = used.undo(attempt.work());
        return obstacle.or(() -> left);
    }

    /** Undoes all that this call did, once it is closed; why that is not possible, if so. Blocks for the databases. */
    Optional<String> undoCall() {
        Optional<String> forbidden;
        synchronized (lock) {
            forbidden = account.forbidden();
        }
        return forbidden.or(() -> wholeCall().flatMap(this::undo));
    }

    /**
     * When this scope is left, no further call of the transaction will use the branches that it used: they vote at once.
     *
     * @throws IllegalStateException if the scope takes no more work
     */
    public void lastCall() {
        Xid xid = xid();
        synchronized (lock) {
            if (over != null) {
                throw new IllegalStateException("transaction " + xid + " takes no more work here: " + over);
            }
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
        return taskStarted(name, around());
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
            if (over != null) {
                throw new IllegalStateException("transaction " + xid + " takes no more work here: " + over);
            }
            Optional<Attempt> around = around().filter(Attempt::isDeclared);
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
                        "afterCommit was called, but the call used no resource of this process, so that it would"
                                + " never hear of the commit: use one in the same call, or register where the transaction began");
    }

    // ---- the end ----

    /**
     * From now on it takes no more work. Completed when the coordinator has answered the enlistment of every branch used and
     * work on other threads has ended, or goes on: with the reason why the transaction cannot commit, or with empty. The scope still has to be {@link #leave left}.
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
            failure.or(tasks::running).or(this::forbiddenByAttempts).ifPresent(account::forbid);
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
            return account.report();
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
