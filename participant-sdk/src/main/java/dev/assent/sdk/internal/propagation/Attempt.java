package dev.assent.sdk.internal.propagation;

import dev.assent.sdk.internal.jdbc.Attempted;
import io.grpc.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Work of one scope that is undone on its own if it fails, so that the transaction goes on without it. Either the scope
 * declared it ({@code tx.attempt}), or it is all that a call does which somebody above made inside an attempt.
 *
 * <p><b>States.</b>
 *
 * <pre>
 * OPEN --work returns--> STOOD    (what forbids the commit in it passes to the attempt around, or to the scope)
 * OPEN --work throws, everything can be undone--> UNDONE    (what forbade the commit in it is forgotten)
 * OPEN --work throws, something cannot be undone--> LOST    (the transaction can no longer commit)
 * </pre>
 *
 * <p><b>Who tells whom.</b> A call that leaves inside an attempt says so ({@code assent-attempt}). If its callee fails, it
 * waits until the coordinator knows of the branches that it used, undoes what the call did in each of them, leaves them
 * without dooming them, and answers the failure together with its account and {@code assent-undone}. The caller takes the
 * account over as that of a call that succeeded, since the call is counted in the votes of its branches; a branch of which
 * nothing is left votes READ_ONLY. Nobody else is told anything: undoing is between caller and callee, and the coordinator
 * sees nothing but an account that is whole.
 *
 * <p><b>What cannot be undone.</b> Work below a call that succeeded: nobody keeps the means for it. Work with which other
 * work of the same branch overlapped. A call that is still open, and work on another thread that still runs. A callee that
 * cannot undo dooms its branches and confirms nothing, and then the call is a failed one like any other.
 *
 * <p><b>If a process stops.</b> The callee, before or after the undo, before its answer arrives: the caller has no
 * confirmation, so the commit is forbidden; the callee's branch dies unprepared with its connection, and its loss alone
 * aborts the transaction. The callee, after its answer arrived: its branch has not voted, and its loss aborts the
 * transaction. The answer is lost, or the call's deadline passes: no confirmation, commit forbidden, though the branch might
 * vote. A transport repeats the call: at the same instance it does not run again and is answered without a confirmation; at
 * another one a second branch has run a call that no account holds, and the coordinator aborts. The caller: the transaction
 * is never asked to commit. The database, while it undoes: the undo fails, the branch is doomed, nothing is confirmed.
 *
 * <p>Safe for use by several threads.
 */
public final class Attempt {
    private static final Context.Key<Attempt> CURRENT = Context.key("assent-attempt");

    private final TransactionScope scope;
    private final @Nullable Attempt outer;
    private final boolean isDeclared;
    private final Attempted work = new Attempted();

    // Guarded by this.
    private final List<Runnable> afterCommit = new ArrayList<>();
    private int openCalls;
    private boolean hasEnded;
    private @Nullable String forbids;
    private @Nullable String standing;

    private Attempt(TransactionScope scope, @Nullable Attempt outer, boolean isDeclared) {
        this.scope = scope;
        this.outer = outer;
        this.isDeclared = isDeclared;
    }

    /** All that an incoming call does which was made inside an attempt. */
    static Attempt ofCall(TransactionScope scope) {
        return new Attempt(scope, null, false);
    }

    /** One that the scope declares in this context. */
    static Attempt declared(TransactionScope scope, Context around) {
        return new Attempt(scope, in(around, scope).orElse(null), true);
    }

    /** The innermost one that goes on, for work of the scope that is done in this context. */
    static Optional<Attempt> in(Context context, TransactionScope scope) {
        Attempt innermost = CURRENT.get(context);
        while (innermost != null && innermost.scope == scope) {
            if (!innermost.work.isOver()) {
                return Optional.of(innermost);
            }
            innermost = innermost.outer;
        }
        return scope.wholeCall();
    }

    /** The context, with this attempt in it. */
    public Context in(Context context) {
        return context.withValue(CURRENT, this);
    }

    Attempted work() {
        return work;
    }

    boolean isDeclared() {
        return isDeclared;
    }

    /** This one and those around it, outermost first. */
    List<Attempted> chain() {
        List<Attempted> chain = outer == null ? new ArrayList<>() : outer.chain();
        chain.add(work);
        return chain;
    }

    boolean isWithin(Attempt other) {
        return this == other || (outer != null && outer.isWithin(other));
    }

    // ---- what happens in it ----

    synchronized void callOpened() {
        openCalls++;
    }

    /** A call in it has ended, and left nothing that stands. */
    synchronized void callUndone() {
        openCalls--;
    }

    /** A call in it has ended, and what it did cannot be undone any more. */
    void callStands(String name) {
        synchronized (this) {
            openCalls--;
        }
        stands(name);
    }

    private void stands(String name) {
        synchronized (this) {
            standing = standing == null ? name : standing;
            if (!hasEnded) {
                return;
            }
        }
        if (outer != null) {
            outer.stands(name);
        }
    }

    /** The transaction must not commit, unless all of this is undone. */
    void forbid(String why) {
        synchronized (this) {
            if (!hasEnded) {
                forbids = forbids == null ? why : forbids;
                return;
            }
        }
        passOn(why);
    }

    private void passOn(String why) {
        if (outer == null) {
            scope.forbid(why);
        } else {
            outer.forbid(why);
        }
    }

    /** Why the transaction must not commit, as things stand. */
    synchronized Optional<String> forbids() {
        return Optional.ofNullable(forbids);
    }

    /** Work for after the commit, unless this is undone. */
    synchronized void afterCommit(Runnable follows) {
        afterCommit.add(follows);
    }

    // ---- its end ----

    /** Why it cannot be undone, as far as its calls tell. */
    synchronized Optional<String> obstacle() {
        if (standing != null) {
            return Optional.of("call " + standing + " in it had succeeded, and what that did stands");
        }
        return openCalls == 0 ? Optional.empty() : Optional.of("a call in it is still open");
    }

    /** It stands: what forbids the commit, and what follows it, passes to what is around. */
    void stood() {
        String why;
        String name;
        List<Runnable> follows;
        synchronized (this) {
            hasEnded = true;
            why = forbids;
            name = standing;
            follows = List.copyOf(afterCommit);
        }
        work.over();
        follows.forEach(outer != null && outer.isDeclared ? outer::afterCommit : scope::follows);
        if (name != null && outer != null) {
            outer.stands(name);
        }
        if (why != null) {
            passOn(why);
        }
    }

    /** It was undone, or is lost and the transaction with it. */
    void over() {
        synchronized (this) {
            hasEnded = true;
        }
        work.over();
    }
}
