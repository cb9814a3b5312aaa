package dev.assent.simulation;

import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.simulation.Database.Attempt;
import dev.assent.simulation.Database.Session;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one process to finish a prepared branch, statement by statement as the SDK does it: on the branch's own
 * connection if it holds that; otherwise, or if that one does not tell, on another: finish it, list what is prepared, read
 * the evidence row, force. Anything may happen between two statements.
 */
final class Finishing {
    private static final String FAILED = "the connection was lost";
    private final ServiceProcess process;
    private final World world;
    private final Database database;
    private final BranchSteps steps;
    private final BranchRef ref;
    private final boolean isCommit;
    private final Luck luck;
    private int opening;

    Finishing(ServiceProcess process, BranchSteps steps, BranchRef ref, boolean isCommit, Luck luck) {
        this.process = process;
        this.world = process.world;
        this.database = process.slot.database;
        this.steps = steps;
        this.ref = ref;
        this.isCommit = isCommit;
        this.luck = luck;
    }

    void begin() {
        FaultPoint point = isCommit ? FaultPoint.COMMIT_BEFORE_DATABASE : FaultPoint.ABORT_BEFORE_DATABASE;
        process.take(
                world.points.at(process, point, ref),
                () -> world.after(steps.duration(luck), world.outside, this::first),
                () -> answer(busy()));
    }

    private void first() {
        if (!steps.reachesDatabase(luck)) {
            return;
        }
        opening = database.opening();
        LocalBranch owner = owner();
        if (world.faults.strikes(FaultKind.STEP_DONE_LATE, luck)) {
            doLater(owner);
            return;
        }
        if (owner == null) {
            onAnother();
        } else if (isBroken() || !(owner.work.isAttached || owner.work.isEnded())) {
            giveUp(owner);
            world.after(steps.duration(luck), process, this::onAnother);
        } else {
            database.finish(ref, isCommit, session(true), attempt -> onOwner(owner, attempt));
        }
    }

    private @Nullable LocalBranch owner() {
        LocalBranch owner = process.branches.local(ref.branch());
        return owner == null || owner.isConnectionGone || !database.kind.isHeldByOwner() ? null : owner;
    }

    private Session session(boolean isOwner) {
        return new Session(process, isOwner, luck);
    }

    private void giveUp(LocalBranch owner) {
        owner.isConnectionGone = true;
        database.connectionLost(owner.work, luck);
    }

    /** The server has the statement and does it some time, however often it is repeated meanwhile. */
    private void doLater(@Nullable LocalBranch owner) {
        boolean isOwner = owner != null;
        if (owner != null) {
            owner.isConnectionGone = true;
        }
        LocalTransaction own = isOwner ? database.prepared(ref) : null;
        int sentIn = opening;
        world.after(steps.lateNanos(luck), world.outside, () -> {
            if (!database.isDown() && database.opening() == sentIn) {
                database.finish(ref, isCommit, session(isOwner), attempt -> {
                    if (attempt == Attempt.DONE) {
                        world.marks.sometimes(Mark.FINISHED_LATE);
                    }
                });
            }
            if (own != null) {
                database.connectionLost(own, luck);
            }
        });
        answer(busy());
    }

    // ---- on the branch's own connection ----

    private void onOwner(LocalBranch owner, Attempt attempt) {
        if (attempt == Attempt.BUSY) {
            giveUp(owner);
            next(this::onAnother);
        } else if (!database.kind.isForcedLater()) {
            owner.isConnectionGone = true;
            if (attempt == Attempt.DONE) {
                answer(done());
            } else {
                next(this::onAnother);
            }
        } else {
            // This one says nothing if somebody else was faster: the row tells.
            next(() -> {
                boolean isAsWished = database.rows.has(ref) == isCommit;
                force(() -> {
                    owner.isConnectionGone = true;
                    if (isAsWished) {
                        answer(done());
                    } else {
                        next(this::onAnother);
                    }
                });
            });
        }
    }

    // ---- on another ----

    private void onAnother() {
        opening = database.opening();
        if (isBroken()) {
            answer(busy());
            return;
        }
        database.finish(ref, isCommit, session(false), attempt -> {
            if (attempt == Attempt.BUSY) {
                answer(busy());
            } else if (attempt == Attempt.UNKNOWN) {
                next(this::list);
            } else if (database.kind.isForcedLater()) {
                force(() -> answer(done()));
            } else {
                answer(done());
            }
        });
    }

    private void list() {
        boolean isListed = database.prepared(ref) != null;
        if (isListed) {
            world.marks.sometimes(Mark.STILL_LISTED);
            answer(busy());
        } else {
            next(this::readEvidence);
        }
    }

    private void readEvidence() {
        boolean isCommitted = database.rows.has(ref);
        if (!isCommitted) {
            if (isCommit) {
                world.marks.sometimes(Mark.NOTHING_FOUND);
            }
            answer(isCommit ? new BranchInput.NothingFound(ref) : done());
            return;
        }
        if (!isCommit) {
            world.marks.sometimes(Mark.FOUND_COMMITTED);
        }
        BranchInput found = isCommit ? done() : new BranchInput.FoundCommitted(ref);
        if (database.kind.isForcedLater()) {
            force(() -> answer(found));
        } else {
            answer(found);
        }
    }

    // ---- answers ----

    private void next(Runnable statement) {
        after(steps.duration(luck), statement);
    }

    private void force(Runnable then) {
        long slow = 0;
        if (world.faults.strikes(FaultKind.FORCE_SLOW, luck)) {
            slow = world.dice.between(Purpose.AMOUNT, luck, 10, 2_000) * WorldParameters.MILLI;
            database.forcesFor(slow, luck);
        }
        after(steps.duration(luck) + slow, () -> {
            database.force();
            then.run();
        });
    }

    private void after(long nanos, Runnable statement) {
        world.after(nanos, process, () -> {
            if (isBroken()) {
                answer(busy());
            } else {
                statement.run();
            }
        });
    }

    private boolean isBroken() {
        return database.isDown() || database.opening() != opening || world.faults.strikes(FaultKind.STEP_FAILED, luck);
    }

    private BranchInput done() {
        return isCommit ? new BranchInput.Committed(ref) : new BranchInput.RolledBack(ref);
    }

    private BranchInput busy() {
        return new BranchInput.Busy(ref, FAILED);
    }

    private void answer(BranchInput answer) {
        if (answer instanceof BranchInput.Committed && process.isAlive) {
            process.take(
                    world.points.at(process, FaultPoint.COMMIT_DURABLE, ref),
                    () -> report(answer),
                    () -> steps.answer(busy(), luck));
            if (!process.isAlive) {
                world.marks.sometimes(Mark.CRASHED_BEFORE_ITS_ACKNOWLEDGEMENT);
            }
        } else if (!process.stopsHere(luck)) {
            report(answer);
        }
    }

    private void report(BranchInput answer) {
        if (answer instanceof BranchInput.Busy || !world.faults.strikes(FaultKind.STEP_DONE_THOUGH_FAILED, luck)) {
            steps.answer(answer, luck);
            return;
        }
        if (answer instanceof BranchInput.Committed) {
            world.marks.sometimes(Mark.COMMITTED_THOUGH_FAILED);
        }
        LocalBranch owner = owner();
        if (owner != null) {
            giveUp(owner);
        }
        steps.answer(busy(), luck);
    }
}
