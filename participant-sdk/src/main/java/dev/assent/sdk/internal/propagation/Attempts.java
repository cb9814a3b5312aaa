package dev.assent.sdk.internal.propagation;

import dev.assent.sdk.internal.branch.HandleUser;
import dev.assent.sdk.internal.jdbc.Attempted;
import io.grpc.Context;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one scope: those that it declares, and the one that all of it is, if its call was made inside one. Tells
 * handles of connections in which of them their thread works. Safe for use by several threads; only undoing blocks.
 */
final class Attempts implements HandleUser {
    private final TransactionScope scope;
    private final @Nullable Attempt wholeCall;
    private final UsedBranches used;
    private final RunningTasks tasks;

    // Guarded by this.
    private int open;

    Attempts(TransactionScope scope, boolean isAttempt, UsedBranches used, RunningTasks tasks) {
        this.scope = scope;
        this.wholeCall = isAttempt ? Attempt.ofCall(scope) : null;
        this.used = used;
        this.tasks = tasks;
    }

    /** The one that all of the scope is. */
    Optional<Attempt> wholeCall() {
        return Optional.ofNullable(wholeCall);
    }

    /** The innermost one in which this thread works. */
    Optional<Attempt> around() {
        return Attempt.in(Context.current(), scope);
    }

    /** One begins; it has to be told to {@link #stood} or {@link #failed}. */
    synchronized void begun() {
        open++;
    }

    /** It went well. */
    void stood(Attempt attempt) {
        attempt.stood();
        ended();
    }

    /** It failed: undoes all that it did, or forbids the commit. Blocks for the databases. */
    void failed(Attempt attempt, Throwable failure) {
        Optional<String> obstacle = undo(attempt);
        attempt.over();
        obstacle.ifPresent(why -> scope.forbid("an attempt failed (" + failure + ") and was not undone: " + why));
        ended();
    }

    private synchronized void ended() {
        open--;
    }

    /** Undoes all that it did; why that is not possible, if so. Blocks for the databases. */
    Optional<String> undo(Attempt attempt) {
        // Also if there is an obstacle: nobody may see the rest of what failed.
        Optional<String> obstacle = tasks.awaitEnd(attempt).or(attempt::obstacle);
        Optional<String> left = used.undo(attempt.work());
        return obstacle.or(() -> left);
    }

    /** Why the transaction must not commit, as things stand. */
    Optional<String> forbidding() {
        return wholeCall().flatMap(Attempt::forbids).or(this::goingOn);
    }

    private synchronized Optional<String> goingOn() {
        return open == 0 ? Optional.empty() : Optional.of("an attempt is still going on");
    }

    // ---- what handles ask ----

    @Override
    public List<Attempted> attempts() {
        return around().map(Attempt::chain).orElseGet(List::of);
    }

    @Override
    public boolean answersForUndone(String reason) {
        Optional<Attempt> around = around();
        // Code that declared the attempt knows that work in it may be undone; a call that somebody made in one does
        // not,
        // and may answer that all went well.
        around.filter(it -> !it.isDeclared()).ifPresent(it -> it.forbid(reason));
        return around.isPresent();
    }
}
