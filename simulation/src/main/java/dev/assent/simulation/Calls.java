package dev.assent.simulation;

import dev.assent.protocol.Xid;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The calls that reach a process. */
final class Calls {
    /**
     * A call arrives.
     *
     * @param path names it within its transaction, also when a transport repeats it
     */
    record Arrival(Scope caller, long path, TransactionPlan.CallPlan plan, long leftNanos) {
        TransactionRun transaction() {
            return caller.transaction;
        }

        Xid xid() {
            return caller.xid;
        }
    }

    private final ServiceProcess process;
    private final World world;
    private final LinkedHashSet<Seen> seen = new LinkedHashSet<>();

    /** All, for the judge's eyes. */
    private final Set<Seen> ran = new HashSet<>();

    private record Seen(Xid xid, long path) {}

    Calls(ServiceProcess process) {
        this.process = process;
        this.world = process.world;
    }

    void arrived(Arrival arrival, Consumer<Call.Answer> back) {
        CallRun run = new CallRun(
                arrival.caller().run, arrival.path(), !arrival.plan().rows().isEmpty());
        if (!isFirst(new Seen(arrival.xid(), arrival.path()))) {
            back.accept(Call.failure(run));
            return;
        }
        world.trace(
                process,
                () -> "runs call " + arrival.path() + " of " + arrival.xid() + ", rows "
                        + arrival.plan().rows());
        world.judge.ran(arrival.transaction(), run);
        Scope scope = new Scope(process, arrival.caller(), run, arrival.leftNanos());
        scope.write(run, arrival.plan().rows(), isDone -> {
            Luck luck = arrival.transaction().luck;
            if (!isDone || world.faults.strikes(FaultKind.CALL_FAILED, luck)) {
                fail(arrival, scope, run, back);
            } else {
                callBelow(scope, run, arrival.plan().below().iterator(), back);
            }
        });
    }

    /** The memory is bounded, as the SDK's is: a repetition so late runs, and a call too many is counted. */
    private boolean isFirst(Seen call) {
        if (!seen.add(call)) {
            return false;
        }
        if (seen.size() > world.parameters.callsRemembered()) {
            seen.remove(seen.iterator().next());
        }
        if (!ran.add(call)) {
            world.marks.sometimes(Mark.CALL_FORGOTTEN);
        }
        return true;
    }

    private void fail(Arrival arrival, Scope scope, CallRun run, Consumer<Call.Answer> back) {
        boolean isUndone = arrival.plan().isAttempt() && arrival.plan().below().isEmpty() && scope.undo(run);
        if (isUndone) {
            arrival.transaction().attemptUndone();
            end(scope, run, back);
        } else {
            scope.leave(Optional.of("the call failed"));
            back.accept(Call.failure(run));
        }
    }

    private void callBelow(
            Scope scope, CallRun run, Iterator<TransactionPlan.CallPlan> below, Consumer<Call.Answer> back) {
        if (!below.hasNext()) {
            end(scope, run, back);
            return;
        }
        world.marks.sometimes(Mark.NESTED_CALL);
        scope.call(below.next(), isDone -> callBelow(scope, run, below, back));
    }

    private void end(Scope scope, CallRun run, Consumer<Call.Answer> back) {
        scope.close(complaint -> {
            if (!process.isAlive) {
                return;
            }
            if (complaint.isPresent()) {
                scope.leave(complaint);
                back.accept(Call.failure(run));
            } else {
                back.accept(new Call.Answer(true, scope.leave(Optional.empty()), run));
            }
        });
    }
}
