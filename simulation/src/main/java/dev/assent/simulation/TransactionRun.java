package dev.assent.simulation;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.Xid;
import dev.assent.protocol.initiator.InitiatorInput;
import dev.assent.protocol.message.AnswerMode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An application that runs one transaction, from begin to its end. */
final class TransactionRun {
    final TransactionPlan plan;
    final Luck luck;
    private final World world;
    private @Nullable ServiceProcess process;
    private @Nullable Door door;
    private @Nullable Xid xid;
    private final List<Optional<CallRun>> callersOfFailed = new ArrayList<>();
    private boolean isTouched;
    private boolean isUndone;
    private boolean isCommitWanted;
    private boolean hasGivenUp;

    TransactionRun(World world, TransactionPlan plan) {
        this.world = world;
        this.plan = plan;
        this.luck = new Luck(10_000_000L + plan.number());
    }

    /** Its xid, once it has one that stays. */
    @Nullable
    Xid xid() {
        return xid;
    }

    boolean isCommitWanted() {
        return isCommitWanted;
    }

    /** Its application does not wait for an answer any more. */
    void givesUp() {
        hasGivenUp = true;
    }

    /** Whether somebody waits for an answer to the commit. */
    boolean isWaiting() {
        return isCommitWanted && !hasGivenUp && isInitiatorAlive();
    }

    /**
     * A call failed.
     *
     * @param caller the run that made it; null if the initiator did
     */
    void callFailed(@Nullable CallRun caller) {
        callersOfFailed.add(Optional.ofNullable(caller));
    }

    /** Whether a call failed that somebody has counted, or the initiator made. */
    boolean hasFailedCall() {
        return callersOfFailed.stream()
                .anyMatch(caller -> caller.map(CallRun::isAccounted).orElse(true));
    }

    void attemptUndone() {
        isUndone = true;
    }

    boolean isUndone() {
        return isUndone;
    }

    void begin() {
        ServiceProcess initiator = world.services.get(plan.initiator()).process();
        if (initiator != null) {
            process = initiator;
            if (plan.isBegunByCall()) {
                UnaryInitiator calls = new UnaryInitiator(initiator, this);
                door = calls;
                calls.begin();
            } else {
                door = initiator.initiators;
                initiator.initiators.begin(this);
            }
        }
    }

    private Door door() {
        Door present = door;
        if (present == null) {
            throw new AssertionError("transaction " + plan.number() + " was not begun");
        }
        return present;
    }

    void begun(ServiceProcess by, Xid number) {
        xid = number;
        world.after(plan.thinkNanos(), by, () -> work(by));
    }

    /** Its number became stale; false if somebody has seen that one already. */
    boolean goesOnAs(Xid stale, Xid fresh) {
        if (isTouched || !stale.equals(xid)) {
            return false;
        }
        xid = fresh;
        return true;
    }

    private void work(ServiceProcess by) {
        Xid mine = xid;
        if (mine == null) {
            return;
        }
        isTouched = true;
        door().touched(mine);
        Scope scope = new Scope(by, this, mine, world.parameters.timeoutNanos());
        world.judge.worksUnder(this, mine);
        call(scope, plan.calls().iterator());
    }

    private void call(Scope scope, Iterator<TransactionPlan.CallPlan> calls) {
        if (!calls.hasNext()) {
            end(scope);
            return;
        }
        // Some applications give up at the first failure, others go on and are stopped by the account.
        boolean isStubborn = plan.number() % 3 == 0;
        scope.call(calls.next(), isDone -> {
            if (isDone || isStubborn) {
                call(scope, calls);
            } else {
                end(scope);
            }
        });
    }

    private void end(Scope scope) {
        if (scope.isOver() || !scope.process.isAlive) {
            return;
        }
        if (world.faults.strikes(FaultKind.INITIATOR_GONE, luck)) {
            return;
        }
        scope.close(complaint -> {
            Optional<String> forbidden = scope.account.forbidden();
            if (plan.end() == TransactionPlan.End.ROLLBACK) {
                rollback(scope, AbortCause.of(AbortCause.Kind.ROLLED_BACK), "it rolls back");
            } else if (forbidden.isPresent() || complaint.isPresent()) {
                String why = forbidden.orElseGet(complaint::orElseThrow);
                world.marks.sometimes(Mark.ABORTED_CALL_FAILED);
                rollback(scope, AbortCause.of(AbortCause.Kind.CALL_FAILED, why), why);
            } else {
                commit(scope);
            }
        });
    }

    private void rollback(Scope scope, AbortCause cause, String why) {
        scope.leave(Optional.of(why));
        door().ask(new InitiatorInput.RollbackWanted(scope.xid, cause));
    }

    private void commit(Scope scope) {
        scope.leave(Optional.empty());
        AnswerMode mode = plan.isAnsweredEarly() ? AnswerMode.AFTER_DECISION : AnswerMode.AFTER_APPLY;
        InitiatorInput wish = new InitiatorInput.CommitWanted(scope.xid, mode, scope.account.sums());
        isCommitWanted = true;
        ServiceProcess by = scope.process;
        door().ask(wish);
        if (world.faults.strikes(FaultKind.INITIATOR_REPEATS, luck)) {
            boolean isCalledOff = world.dice.chance(Purpose.WORK, luck, 50);
            long most = world.dice.chance(Purpose.WORK, luck, 50) ? 10_000 : 500_000;
            long later = world.dice.between(Purpose.WORK, luck, 0, most) * WorldParameters.MICRO;
            world.after(
                    later,
                    by,
                    () -> door().ask(
                                    isCalledOff
                                            ? new InitiatorInput.RollbackWanted(
                                                    scope.xid, AbortCause.of(AbortCause.Kind.ROLLED_BACK, "called off"))
                                            : wish));
            if (isCalledOff) {
                world.marks.sometimes(Mark.ROLLBACK_AFTER_COMMIT);
            }
        }
        if (world.faults.strikes(FaultKind.OUTCOME_ASKED, luck)) {
            askSomewhere(scope.xid);
        }
    }

    /** Somebody else asks what became of it. */
    private void askSomewhere(Xid about) {
        long most = world.dice.chance(Purpose.WORK, luck, 50) ? 20 : 20_000;
        long later = world.dice.between(Purpose.WORK, luck, 0, most * 1_000) * WorldParameters.MICRO;
        ServiceSlot slot = world.services.get(world.dice.below(Purpose.WORK, luck, world.services.size()));
        world.after(later, world.outside, () -> {
            ServiceProcess other = slot.process();
            if (other != null) {
                other.initiators.ask(new InitiatorInput.OutcomeWanted(about));
            }
        });
    }

    /** The process that began it, if it is still there. */
    boolean isInitiatorAlive() {
        ServiceProcess by = process;
        return by != null && by.isAlive;
    }
}
