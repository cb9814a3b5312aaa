package dev.assent.simulation;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.fault.FaultPoint;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The steps of one process's branches in their database. Between the wish, the deed and the answer the process or the
 * database may stop; a deed may be reported as failed, be done later all the same, or its answer never come.
 */
final class BranchSteps {
    private static final String FAILED = "the connection was lost";
    private final ServiceProcess process;
    private final World world;
    private final Database database;
    /** Steps of recovery are taken one after another, each when the one before has been answered. */
    private final ArrayDeque<Runnable> recovery = new ArrayDeque<>();

    private boolean isRecovering;

    BranchSteps(ServiceProcess process) {
        this.process = process;
        this.world = process.world;
        this.database = process.slot.database;
    }

    void begin(BranchEffect effect, Luck luck) {
        if (effect instanceof BranchEffect.WriteEvidence it) {
            LocalBranch branch = branch(it.branch());
            prepare(branch, FaultPoint.PREPARE_BEFORE_EVIDENCE, luck, () -> database.writeEvidence(branch.work));
        } else if (effect instanceof BranchEffect.Prepare it) {
            LocalBranch branch = branch(it.branch());
            prepare(branch, FaultPoint.PREPARE_BEFORE_DURABLE, luck, () -> database.prepare(branch.work));
        } else if (effect instanceof BranchEffect.RollBack it) {
            LocalBranch branch = branch(it.branch());
            process.take(
                    world.points.at(process, FaultPoint.ABORT_BEFORE_DATABASE, branch.ref),
                    () -> rollBack(branch, luck, false),
                    () -> rollBack(branch, luck, true));
        } else if (effect instanceof BranchEffect.CommitPrepared it) {
            new Finishing(process, this, it.branch(), true, luck).begin();
        } else if (effect instanceof BranchEffect.RollBackPrepared it) {
            new Finishing(process, this, it.branch(), false, luck).begin();
        } else if (effect instanceof BranchEffect.ListPrepared) {
            recover(this::listPrepared);
        } else if (effect instanceof BranchEffect.ListRows) {
            recover(this::listRows);
        } else if (effect instanceof BranchEffect.RemoveRows it) {
            recover(() -> removeRows(it.rows().iterator()));
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

    // ---- before the vote, on the branch's own connection ----

    private void prepare(LocalBranch branch, FaultPoint before, Luck luck, Supplier<BranchInput> deed) {
        BranchInput failed = new BranchInput.PrepareFailed(branch.ref.branch(), FAILED);
        process.take(
                world.points.at(process, before, branch.ref),
                () -> prepare(branch, failed, luck, deed),
                () -> answer(failed, luck));
    }

    private void prepare(LocalBranch branch, BranchInput failed, Luck luck, Supplier<BranchInput> deed) {
        world.after(duration(luck), world.outside, () -> {
            if (!reachesDatabase(luck)) {
                return;
            }
            if (database.isDown() || world.faults.strikes(FaultKind.STEP_FAILED, luck)) {
                answer(failed, luck);
            } else if (world.faults.strikes(FaultKind.STEP_DONE_LATE, luck)) {
                branch.isConnectionGone = true;
                database.doLater(branch.work, lateNanos(luck), () -> {
                    if (deed.get() instanceof BranchInput.Prepared) {
                        world.marks.sometimes(Mark.PREPARED_LATE);
                    }
                });
                answer(failed, luck);
            } else {
                done(branch, deed.get(), failed, luck);
            }
        });
    }

    private void done(LocalBranch branch, BranchInput answer, BranchInput failed, Luck luck) {
        if (!process.isAlive) {
            return;
        }
        if (!(answer instanceof BranchInput.Prepared)) {
            report(branch, answer, failed, luck);
            return;
        }
        process.take(
                world.points.at(process, FaultPoint.PREPARE_DURABLE, branch.ref),
                () -> report(branch, answer, failed, luck),
                () -> answer(failed, luck));
        if (!process.isAlive) {
            world.marks.sometimes(Mark.CRASHED_BEFORE_ITS_VOTE);
        }
    }

    private void report(LocalBranch branch, BranchInput answer, BranchInput failed, Luck luck) {
        boolean isLie = world.faults.strikes(FaultKind.STEP_DONE_THOUGH_FAILED, luck);
        if (isLie) {
            branch.isConnectionGone = world.dice.chance(Purpose.AMOUNT, luck, 70);
            if (answer instanceof BranchInput.Prepared) {
                world.marks.sometimes(Mark.PREPARED_THOUGH_FAILED);
            }
        }
        answer(isLie ? failed : answer, luck);
    }

    /** Never fails: what cannot be rolled back ends with its connection, when the server sees that. */
    private void rollBack(LocalBranch branch, Luck luck, boolean hasThrown) {
        world.after(duration(luck), world.outside, () -> {
            if (!reachesDatabase(luck)) {
                return;
            }
            boolean isFailing = hasThrown
                    || branch.isConnectionGone
                    || database.isDown()
                    || world.faults.strikes(FaultKind.STEP_FAILED, luck);
            if (isFailing) {
                if (branch.work.isActive()) {
                    world.marks.sometimes(Mark.ROLLED_BACK_LATER);
                }
                database.connectionLost(branch.work, luck);
            } else {
                database.rollBack(branch.work);
            }
            branch.isConnectionGone = true;
            if (!process.stopsHere(luck)) {
                answer(new BranchInput.RolledBack(branch.ref), luck);
            }
        });
    }

    // ---- recovery ----

    private void recover(Runnable step) {
        recovery.add(step);
        if (!isRecovering) {
            nextOfRecovery();
        }
    }

    private void nextOfRecovery() {
        Runnable step = recovery.poll();
        isRecovering = step != null;
        if (step != null) {
            world.after(duration(process.luck), process, step);
        }
    }

    private boolean recoveryFails() {
        return database.isDown() || world.faults.strikes(FaultKind.STEP_FAILED, process.luck);
    }

    private void listPrepared() {
        if (recoveryFails()) {
            nextOfRecovery();
            return;
        }
        List<BranchRef> listed = database.listPrepared();
        process.take(
                world.points.at(process, FaultPoint.RECOVERY_LISTED),
                () -> world.after(answering(process.luck), process, () -> {
                    process.branches.preparedListed(listed);
                    nextOfRecovery();
                }),
                this::nextOfRecovery);
    }

    private void listRows() {
        if (recoveryFails()) {
            nextOfRecovery();
            return;
        }
        List<BranchRef> listed = database.rows.oldest(world.parameters.rowsListed());
        if (!listed.isEmpty()) {
            world.marks.sometimes(Mark.ROW_SHOWN);
        }
        if (!listed.isEmpty() && database.kind.isForcedLater()) {
            // Whoever is shown a row counts it as an acknowledgement.
            int opening = database.opening();
            world.after(duration(process.luck), process, () -> {
                if (database.opening() != opening || recoveryFails()) {
                    nextOfRecovery();
                    return;
                }
                database.force();
                showRows(listed);
            });
        } else {
            showRows(listed);
        }
    }

    private void showRows(List<BranchRef> listed) {
        if (!process.stopsHere(process.luck)) {
            world.after(answering(process.luck), process, () -> {
                if (!listed.stream().allMatch(database.rows::has)) {
                    world.marks.sometimes(Mark.ROW_SHOWN_THOUGH_REMOVED);
                }
                process.branches.give(new BranchInput.RowsListed(database.resource, listed));
                nextOfRecovery();
            });
        }
    }

    /** One by one, each in a transaction of its own. */
    private void removeRows(Iterator<BranchRef> rows) {
        if (!rows.hasNext() || recoveryFails()) {
            if (rows.hasNext()) {
                world.marks.sometimes(Mark.ROW_REMOVAL_FAILED);
            }
            nextOfRecovery();
            return;
        }
        database.rows.remove(rows.next());
        if (process.stopsHere(process.luck)) {
            return;
        }
        if (rows.hasNext()) {
            world.after(between(process.luck), process, () -> removeRows(rows));
        } else {
            nextOfRecovery();
        }
    }

    // ---- how long things take ----

    /** What was sent may arrive though the one who sent it is gone. */
    boolean reachesDatabase(Luck luck) {
        return process.isAlive || world.dice.chance(Purpose.AMOUNT, luck, 50);
    }

    void answer(BranchInput answer, Luck luck) {
        world.after(answering(luck), process, () -> {
            world.trace(process, () -> "has " + answer);
            process.branches.answered(answer);
        });
    }

    long duration(Luck luck) {
        long nanos = between(luck);
        return world.faults.strikes(FaultKind.STEP_SLOW, luck)
                ? nanos + world.dice.between(Purpose.AMOUNT, luck, 10, 4_000) * WorldParameters.MILLI
                : nanos;
    }

    /** Between two statements of one step. */
    long between(Luck luck) {
        long most = world.parameters.stepNanos();
        return world.dice.between(Purpose.LATENCY, luck, most / 10, most);
    }

    /** Between a deed and the moment in which the core hears of it. */
    private long answering(Luck luck) {
        return world.faults.strikes(FaultKind.ANSWER_LATE, luck)
                ? world.dice.between(Purpose.AMOUNT, luck, 1, 8_000) * WorldParameters.MILLI
                : world.dice.between(Purpose.LATENCY, luck, 10, 200) * WorldParameters.MICRO;
    }

    /** Until something is done that was reported as failed. */
    long lateNanos(Luck luck) {
        long most = world.dice.chance(Purpose.AMOUNT, luck, 70) ? 2_000 : 60_000;
        return world.dice.between(Purpose.AMOUNT, luck, 0, most) * WorldParameters.MILLI;
    }
}
