package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.initiator.CallAccount;
import dev.assent.protocol.initiator.CallReport;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one process does for a transaction in one go: all of it at its initiator, one incoming call at a participant. It
 * keeps the account, as the SDK's scope does.
 */
final class Scope {
    final ServiceProcess process;
    final TransactionRun transaction;
    final Xid xid;
    /** The run of the call that this is; null at the initiator. */
    final @Nullable CallRun run;

    final CallAccount account = new CallAccount();
    private final World world;
    private final long deadlineNanos;
    private @Nullable LocalBranch used;
    private boolean isOver;
    private boolean isLeft;
    private int calls;

    /** At the initiator. */
    Scope(ServiceProcess process, TransactionRun transaction, Xid xid, long leftNanos) {
        this.process = process;
        this.transaction = transaction;
        this.xid = xid;
        this.run = null;
        this.world = process.world;
        this.deadlineNanos = world.nowNanos + leftNanos;
    }

    /** Of a call that is run here. */
    Scope(ServiceProcess process, Scope caller, CallRun run, long leftNanos) {
        this.process = process;
        this.transaction = caller.transaction;
        this.xid = caller.xid;
        this.run = run;
        this.world = process.world;
        this.deadlineNanos = world.nowNanos + leftNanos;
    }

    long leftNanos() {
        return deadlineNanos - world.nowNanos;
    }

    // ---- the own database ----

    /** Writes the rows in the branch of this process; calls back with whether that went well. */
    void write(CallRun run, List<Integer> rows, Consumer<Boolean> then) {
        LocalBranch present = used;
        if (present == null) {
            process.branches.branchAt(xid, leftNanos(), opened -> {
                opened.ifPresent(this::enter);
                write(run, opened, rows, then);
            });
        } else {
            write(run, Optional.of(present), rows, then);
        }
    }

    private void write(CallRun run, Optional<LocalBranch> branch, List<Integer> rows, Consumer<Boolean> then) {
        if (branch.isPresent()) {
            run.worksIn(branch.get().work);
            write(branch.get(), rows.iterator(), then);
        } else {
            then.accept(false);
        }
    }

    private void enter(LocalBranch branch) {
        used = branch;
        process.branches.give(new BranchInput.CallEntered(branch.ref.branch()));
        account.used(branch.ref.branch());
    }

    private void write(LocalBranch branch, Iterator<Integer> rows, Consumer<Boolean> then) {
        long takes = world.dice.between(
                Purpose.WORK, transaction.luck, 10 * WorldParameters.MICRO, world.parameters.stepNanos());
        world.after(takes, process, () -> {
            if (branch.isClosed() || !branch.work.isActive() || process.slot.database.isDown()) {
                then.accept(false);
            } else if (!rows.hasNext()) {
                then.accept(true);
            } else {
                process.slot.database.locks.lock(rows.next(), branch.work, isLocked -> {
                    if (process.isAlive && isLocked) {
                        write(branch, rows, then);
                    } else if (process.isAlive) {
                        then.accept(false);
                    }
                });
            }
        });
    }

    /** Undoes the run's work, which nobody else has overlapped; false if that is not possible. */
    boolean undo(CallRun run) {
        LocalBranch branch = used;
        if (branch == null || branch.isClosed() || !branch.work.isActive()) {
            return false;
        }
        boolean isAlone = branch.work.runs.equals(List.of(run));
        if (isAlone) {
            process.slot.database.locks.release(branch.work);
            branch.work.rows.clear();
            branch.work.runs.clear();
            run.undone();
        }
        return isAlone || !run.hasWrites;
    }

    // ---- calls ----

    /** Makes a call; calls back with whether the application may go on. */
    void call(TransactionPlan.CallPlan plan, Consumer<Boolean> then) {
        int number = ++calls;
        account.opened(number, "call " + number);
        long above = run == null ? 0 : run.path;
        new Call(this, plan, number, above * 32 + number, then).send();
    }

    // ---- the end ----

    /** It takes no more work. Calls back when every enlistment is answered, with what forbids the commit. */
    void close(Consumer<Optional<String>> then) {
        isOver = true;
        LocalBranch branch = used;
        if (branch == null) {
            then.accept(Optional.empty());
        } else {
            branch.whenSettled(then);
        }
    }

    boolean isOver() {
        return isOver;
    }

    /** Leaves the branch, dooming it if the scope failed. */
    CallReport leave(Optional<String> failure) {
        isOver = true;
        failure.ifPresent(account::forbid);
        LocalBranch branch = used;
        if (!isLeft && branch != null) {
            failure.ifPresent(why -> process.branches.give(new BranchInput.Doomed(branch.ref.branch(), why)));
            if (failure.isEmpty() && run != null && transaction.plan.isPromising()) {
                process.branches.give(new BranchInput.LastCall(branch.ref.branch()));
            }
            process.branches.give(new BranchInput.CallLeft(branch.ref.branch()));
        }
        isLeft = true;
        return account.report();
    }
}
