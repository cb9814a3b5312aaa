package dev.assent.simulation;

import dev.assent.protocol.initiator.CallReport;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call as its caller sees it: it is answered, or it fails, or nobody ever knows. */
final class Call {
    /** What comes back. */
    record Answer(boolean isOk, CallReport report, CallRun run) {}

    private final Scope caller;
    private final TransactionPlan.CallPlan plan;
    private final long number;
    private final long path;
    private final Consumer<Boolean> then;
    private final World world;
    private boolean isOver;

    Call(Scope caller, TransactionPlan.CallPlan plan, long number, long path, Consumer<Boolean> then) {
        this.caller = caller;
        this.plan = plan;
        this.number = number;
        this.path = path;
        this.then = then;
        this.world = caller.process.world;
    }

    void send() {
        ServiceSlot slot = world.services.get(plan.slot());
        if (slot.process() == caller.process) {
            workHere();
            return;
        }
        Luck luck = caller.transaction.luck;
        sendTo(slot.process());
        if (world.faults.strikes(FaultKind.CALL_REPEATED, luck)) {
            long later = world.dice.between(Purpose.WORK, luck, 0, 17)
                    * world.dice.between(Purpose.WORK, luck, 0, 17)
                    * WorldParameters.MILLI;
            world.after(later, caller.process, () -> sendTo(another(slot)));
        }
        long patience = Math.min(
                Math.max(1, caller.leftNanos()),
                world.dice.between(Purpose.WORK, luck, 300, 5_000) * WorldParameters.MILLI);
        long bound = world.parameters.isCalm() ? caller.leftNanos() : patience;
        world.after(bound, caller.process, () -> failed("no answer in time"));
    }

    /** Work of the caller in its own database is no call; it is counted as the caller's. */
    private void workHere() {
        account().succeeded(number, CallReport.EMPTY);
        CallRun run = new CallRun(caller.run, path, !plan.rows().isEmpty());
        world.judge.ran(caller.transaction, run);
        caller.write(run, plan.rows(), isDone -> {
            if (isDone) {
                run.counted();
            } else {
                account().forbid("work failed here");
                caller.transaction.callFailed(caller.run);
            }
            then.accept(isDone);
        });
    }

    private dev.assent.protocol.initiator.CallAccount account() {
        return caller.account;
    }

    private @Nullable ServiceProcess another(ServiceSlot than) {
        List<ServiceProcess> others = world.services.stream()
                .filter(slot -> slot.database == than.database)
                .map(ServiceSlot::process)
                .filter(java.util.Objects::nonNull)
                .toList();
        return others.isEmpty() ? null : others.get((int) (path % others.size()));
    }

    private void sendTo(@Nullable ServiceProcess callee) {
        Luck luck = caller.transaction.luck;
        ServiceProcess from = caller.process;
        boolean isLost = callee == null
                || !world.network.passes(from, callee)
                || world.faults.strikes(FaultKind.CALL_LOST, luck);
        if (callee == null || isLost) {
            if (callee == null) {
                world.after(world.network.latencyNanos(luck), from, () -> failed("nobody is there"));
            }
            return;
        }
        long left = Math.max(1, caller.leftNanos());
        world.after(
                world.network.latencyNanos(luck),
                callee,
                () -> callee.calls.arrived(
                        new Calls.Arrival(caller, path, plan, left), answer -> back(callee, answer)));
    }

    private void back(ServiceProcess callee, Answer answer) {
        Luck luck = caller.transaction.luck;
        boolean isLost =
                !world.network.passes(callee, caller.process) || world.faults.strikes(FaultKind.CALL_LOST, luck);
        if (!isLost) {
            world.after(world.network.latencyNanos(luck), caller.process, () -> answered(answer));
        }
    }

    private void answered(Answer answer) {
        if (isOver) {
            return;
        }
        if (!answer.isOk()) {
            failed("it failed there");
            return;
        }
        isOver = true;
        account().succeeded(number, answer.report());
        answer.run().counted();
        then.accept(true);
    }

    private void failed(String why) {
        if (!isOver) {
            isOver = true;
            account().failed(number, why);
            caller.transaction.callFailed(caller.run);
            world.trace(caller.process, () -> "call " + path + " of " + caller.xid + " fails: " + why);
            then.accept(false);
        }
    }

    static Answer failure(CallRun run) {
        return new Answer(
                false, new CallReport(new dev.assent.protocol.CallSums(List.of(), true), Optional.of("failed")), run);
    }
}
