package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one process's branches in their database. Between the wish and the deed the process or the database may
 * stop; a deed may be reported as failed; the answer may never come.
 */
final class BranchSteps {
    private static final String FAILED = "the connection was lost";
    private final ServiceProcess process;
    private final World world;
    private final Database database;

    BranchSteps(ServiceProcess process) {
        this.process = process;
        this.world = process.world;
        this.database = process.slot.database;
    }

    void begin(BranchEffect effect, Luck luck) {
        if (effect instanceof BranchEffect.WriteEvidence it) {
            LocalBranch branch = branch(it.branch());
            local(branch, luck, () -> database.writeEvidence(branch.work), prepareFailed(it.branch()));
        } else if (effect instanceof BranchEffect.Prepare it) {
            LocalBranch branch = branch(it.branch());
            local(branch, luck, () -> database.prepare(branch.work), prepareFailed(it.branch()));
        } else if (effect instanceof BranchEffect.RollBack it) {
            LocalBranch branch = branch(it.branch());
            local(branch, luck, () -> database.rollBack(branch.work), null);
        } else if (effect instanceof BranchEffect.CommitPrepared it) {
            Supplier<BranchInput> deed = () -> database.commitPrepared(it.branch(), process);
            finish(it.branch(), luck, deed);
        } else if (effect instanceof BranchEffect.RollBackPrepared it) {
            Supplier<BranchInput> deed = () -> database.rollBackPrepared(it.branch(), process);
            finish(it.branch(), luck, deed);
        } else if (effect instanceof BranchEffect.ListPrepared) {
            recover(database::listPrepared);
        } else if (effect instanceof BranchEffect.ListRows) {
            recover(database::listRows);
        } else if (effect instanceof BranchEffect.RemoveRows it) {
            recover(() -> {
                database.removeRows(it.rows());
                return null;
            });
        } else {
            throw new AssertionError("an effect that nobody carries out: " + effect);
        }
    }

    private LocalBranch branch(BranchId id) {
        LocalBranch branch = process.branches.local(id);
        if (branch == null) {
            throw new Violation(Violation.Law.CORE, "a step on a branch that is not open here: " + id);
        }
        return branch;
    }

    private static BranchInput prepareFailed(BranchId branch) {
        return new BranchInput.PrepareFailed(branch, FAILED);
    }

    /** @param failed the answer if it fails; null if it cannot */
    private void local(LocalBranch branch, Luck luck, Supplier<BranchInput> deed, @Nullable BranchInput failed) {
        long begins = Math.max(world.nowNanos, branch.busyUntilNanos);
        long done = begins + duration(luck);
        branch.busyUntilNanos = done;
        doAt(done, luck, deed, failed);
    }

    private void finish(BranchRef ref, Luck luck, Supplier<BranchInput> deed) {
        doAt(world.nowNanos + duration(luck), luck, deed, new BranchInput.Busy(ref, FAILED));
    }

    private void doAt(long nanos, Luck luck, Supplier<BranchInput> deed, @Nullable BranchInput failed) {
        world.at(nanos, world.outside, () -> {
            // What was sent may be done though the one who sent it is gone.
            if (!process.isAlive && !world.dice.chance(Purpose.AMOUNT, luck, 50)) {
                return;
            }
            if (failed != null && (database.isDown() || world.faults.strikes(FaultKind.STEP_FAILED, luck))) {
                answer(failed);
                return;
            }
            BranchInput answer = deed.get();
            if (process.stopsHere(luck)) {
                return;
            }
            boolean isLie = failed != null && world.faults.strikes(FaultKind.STEP_DONE_THOUGH_FAILED, luck);
            if (isLie && answer instanceof BranchInput.Prepared) {
                world.marks.sometimes(Mark.PREPARED_THOUGH_FAILED);
            } else if (isLie && answer instanceof BranchInput.Committed) {
                world.marks.sometimes(Mark.COMMITTED_THOUGH_FAILED);
            }
            answer(isLie && failed != null ? failed : answer);
        });
    }

    private void answer(BranchInput answer) {
        if (!process.isAlive) {
            return;
        }
        world.trace(process, () -> "has " + answer);
        if (process.pausedUntilNanos > world.nowNanos) {
            world.at(process.pausedUntilNanos, process, () -> process.branches.answered(answer));
        } else {
            process.branches.answered(answer);
        }
    }

    private void recover(Supplier<@Nullable BranchInput> deed) {
        world.after(duration(process.luck), process, () -> {
            if (database.isDown() || world.faults.strikes(FaultKind.STEP_FAILED, process.luck)) {
                return;
            }
            BranchInput answer = deed.get();
            if (answer != null) {
                process.branches.give(answer);
            }
        });
    }

    private long duration(Luck luck) {
        long most = world.parameters.stepNanos();
        long nanos = world.dice.between(Purpose.LATENCY, luck, most / 10, most);
        return world.faults.strikes(FaultKind.STEP_SLOW, luck)
                ? nanos + world.dice.between(Purpose.AMOUNT, luck, 10, 4_000) * WorldParameters.MILLI
                : nanos;
    }
}
