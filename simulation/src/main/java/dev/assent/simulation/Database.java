package dev.assent.simulation;

import dev.assent.protocol.ResourceName;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The database of one resource: rows with locks, open local transactions, which die with their connection, prepared ones,
 * which nothing kills, and evidence rows, which are visible exactly when their branch has committed. Each method is what
 * the server does at one instant; what lies between two of them is the client's affair.
 */
final class Database {
    /** What comes of the wish to finish a prepared branch. */
    enum Attempt {
        DONE,
        /** No such prepared transaction, says the server; it may be prepared all the same. */
        UNKNOWN,
        /** Not now. */
        BUSY
    }

    final ResourceName resource;
    final String name;
    final DatabaseKind kind;
    final Locks locks;
    final EvidenceRows rows;
    private final World world;
    private final List<LocalTransaction> active = new ArrayList<>();
    private final Map<BranchRef, LocalTransaction> prepared = new LinkedHashMap<>();
    private final Commits commits;
    private long downUntilNanos;
    private int openings;

    Database(World world, ResourceName resource, DatabaseKind kind) {
        this.world = world;
        this.resource = resource;
        this.name = resource.value();
        this.kind = kind;
        this.locks = new Locks(world);
        this.rows = new EvidenceRows(world, kind);
        this.commits = new Commits(kind);
    }

    boolean isDown() {
        return downUntilNanos > world.nowNanos;
    }

    /** How often it was opened: connections of an earlier opening are lost. */
    int opening() {
        return openings;
    }

    // ---- its process, and those of its clients ----

    /** It restarts: connections are lost and what is open with them; what is prepared is kept, what is not forced is not. */
    void restart(long millis, Luck luck) {
        world.trace(world.outside, () -> name + " restarts");
        downUntilNanos = world.nowNanos + millis * WorldParameters.MILLI;
        openings++;
        if (!active.isEmpty()) {
            world.marks.sometimes(Mark.DATABASE_RESTARTED);
        }
        for (LocalTransaction open : List.copyOf(active)) {
            end(open, LocalTransaction.State.ROLLED_BACK);
        }
        for (LocalTransaction work : prepared.values()) {
            work.isAttached = false;
            work.isBeingFinished = false;
        }
        rows.crash();
        for (LocalTransaction work : commits.lostInCrash(world.dice, luck)) {
            world.marks.sometimes(Mark.COMMIT_NOT_FORCED);
            takeBack(work);
        }
    }

    /** It is restored, or another server takes over, and lacks the last commits, though they were acknowledged. */
    void failOver(long millis, Luck luck) {
        restart(millis, luck);
        for (LocalTransaction work : commits.lostInFailOver(world.dice, luck)) {
            work.isCommitLost = true;
            takeBack(work);
        }
    }

    private void takeBack(LocalTransaction work) {
        world.trace(world.outside, () -> name + " has lost the commit of " + work.ref);
        work.state = LocalTransaction.State.PREPARED;
        work.isAttached = false;
        prepared.put(work.ref, work);
        rows.takeBack(work.ref);
        locks.lockAgain(work);
        world.hash(work.ref.branch().number() * 16 + 5);
    }

    void comeBack() {
        downUntilNanos = 0;
    }

    /** A process is gone; soon the database has noticed, or it takes long, if nothing tells it. */
    void clientDied(ServiceProcess client) {
        if (prepared.values().stream().anyMatch(it -> it.owner == client)) {
            world.marks.sometimes(Mark.PROCESS_CRASHED_PREPARED);
        }
        long diedNanos = world.nowNanos;
        world.after(noticedAfter(client.luck), world.outside, () -> {
            for (LocalTransaction open : List.copyOf(active)) {
                if (open.owner == client) {
                    if (!open.rows.isEmpty()
                            && world.nowNanos - diedNanos
                                    > world.parameters.shard().sessionLeaseNanos()) {
                        world.marks.sometimes(Mark.LOCKS_OUTLASTED_LEASE);
                    }
                    sessionEnds(open);
                }
            }
            prepared.values().stream().filter(it -> it.owner == client).forEach(it -> it.isAttached = false);
        });
    }

    private long noticedAfter(Luck luck) {
        long most = world.faults.strikes(FaultKind.CONNECTION_LINGERS, luck) ? 60_000 : 50;
        return world.dice.between(Purpose.DISTURBANCE, luck, 0, most) * WorldParameters.MILLI;
    }

    /** The client has given a connection up. */
    void connectionLost(LocalTransaction work, Luck luck) {
        if (!work.isEnded()) {
            world.after(noticedAfter(luck), world.outside, () -> sessionEnds(work));
        }
    }

    private void sessionEnds(LocalTransaction work) {
        if (work.isRunning) {
            work.isGivenUp = true;
        } else if (work.isActive()) {
            end(work, LocalTransaction.State.ROLLED_BACK);
        } else {
            work.isAttached = false;
        }
    }

    /** The session does a statement later, whether or not somebody still waits for it. */
    void doLater(LocalTransaction work, long nanos, Runnable statement) {
        work.isRunning = true;
        world.after(nanos, world.outside, () -> {
            work.isRunning = false;
            if (work.isActive() && !isDown()) {
                statement.run();
            }
            if (work.isGivenUp) {
                sessionEnds(work);
            }
        });
    }

    // ---- local transactions ----

    /** None if there is no connection to be had. */
    @Nullable
    LocalTransaction open(BranchRef ref, ServiceProcess owner, Luck luck) {
        if (isDown() || world.faults.strikes(FaultKind.NO_CONNECTION, luck)) {
            world.marks.sometimes(Mark.NO_CONNECTION);
            return null;
        }
        LocalTransaction opened = new LocalTransaction(ref, owner);
        active.add(opened);
        world.judge.opened(opened);
        return opened;
    }

    BranchInput writeEvidence(LocalTransaction work) {
        if (!work.isActive()) {
            return new BranchInput.PrepareFailed(work.ref.branch(), "the local transaction is gone");
        } else if (work.rows.isEmpty()) {
            world.marks.sometimes(Mark.READ_ONLY_BRANCH);
            return new BranchInput.NothingWritten(work.ref.branch());
        }
        work.hasEvidence = true;
        return new BranchInput.EvidenceWritten(work.ref.branch());
    }

    /** Prepares and forces. */
    BranchInput prepare(LocalTransaction work) {
        if (!work.isActive()) {
            return new BranchInput.PrepareFailed(work.ref.branch(), "the local transaction is gone");
        }
        active.remove(work);
        work.state = LocalTransaction.State.PREPARED;
        work.isAttached = kind.isHeldByOwner();
        work.opening = openings;
        prepared.put(work.ref, work);
        force();
        commits.prepared();
        world.hash(work.ref.branch().number());
        world.operators.prepared(this, work);
        return new BranchInput.Prepared(work.ref.branch());
    }

    /** Rolls back on the branch's own connection; a prepared branch that has left it is not touched. */
    void rollBack(LocalTransaction work) {
        if (work.isActive()) {
            end(work, LocalTransaction.State.ROLLED_BACK);
        } else if (work.isPrepared() && work.isAttached && !work.isBeingFinished) {
            end(work, LocalTransaction.State.ROLLED_BACK);
            world.judge.branchRolledBack(work);
        }
    }

    private void end(LocalTransaction work, LocalTransaction.State end) {
        active.remove(work);
        prepared.remove(work.ref);
        work.state = end;
        work.isBeingFinished = false;
        if (end == LocalTransaction.State.COMMITTED && work.hasEvidence) {
            rows.add(work);
        }
        world.hash(work.ref.branch().number() * 4 + (end == LocalTransaction.State.COMMITTED ? 1 : 2));
        locks.release(work);
    }

    // ---- prepared ones ----

    @Nullable
    LocalTransaction prepared(BranchRef ref) {
        return prepared.get(ref);
    }

    List<BranchRef> listPrepared() {
        return List.copyOf(prepared.keySet());
    }

    /** A session commits or rolls back a prepared branch; calls back when the server answers. */
    void finish(BranchRef ref, boolean isCommit, Session by, Consumer<Attempt> then) {
        LocalTransaction work = prepared.get(ref);
        if (work == null || work.isBeingFinished) {
            then.accept(Attempt.UNKNOWN);
        } else if (!by.isOwner() && kind == DatabaseKind.HELD && work.isAttached) {
            world.marks.sometimes(Mark.OWNER_STILL_ATTACHED);
            then.accept(Attempt.UNKNOWN);
        } else if (!by.isOwner() && kind == DatabaseKind.REOPENED && !isCommit && work.opening == openings) {
            world.marks.sometimes(Mark.ROLLBACK_AWAITS_REOPENING);
            then.accept(Attempt.BUSY);
        } else if (world.faults.strikes(FaultKind.FINISH_SLOW, by.luck())) {
            work.isBeingFinished = true;
            int opening = openings;
            long nanos = world.dice.between(Purpose.AMOUNT, by.luck(), 1, 2_000) * WorldParameters.MILLI;
            world.after(nanos, world.outside, () -> {
                boolean isMine = work.isBeingFinished && opening == openings;
                if (isMine) {
                    finished(work, isCommit, by.process());
                }
                then.accept(isMine ? Attempt.DONE : Attempt.BUSY);
            });
        } else {
            finished(work, isCommit, by.process());
            then.accept(crashesNow(by.luck()) ? Attempt.BUSY : Attempt.DONE);
        }
    }

    /** Until then nothing that was committed since the last time is safe. */
    void forcesFor(long nanos, Luck luck) {
        if (world.faults.strikes(FaultKind.DATABASE_CRASH_BEFORE_FORCE, luck)) {
            long downMillis = world.dice.between(Purpose.AMOUNT, luck, 1, 1_000);
            world.after(
                    world.dice.between(Purpose.AMOUNT, luck, 0, nanos), world.outside, () -> restart(downMillis, luck));
        }
    }

    private boolean crashesNow(Luck luck) {
        if (!world.faults.strikes(FaultKind.DATABASE_CRASH_AT_STEP, luck)) {
            return false;
        }
        long downMillis = world.dice.between(Purpose.AMOUNT, luck, 1, 1_000);
        boolean isNow = world.dice.chance(Purpose.AMOUNT, luck, 40);
        if (isNow) {
            restart(downMillis, luck);
        } else {
            long later = world.dice.between(Purpose.AMOUNT, luck, 0, 1_000) * WorldParameters.MILLI;
            world.after(later, world.outside, () -> restart(downMillis, luck));
        }
        return isNow;
    }

    /** Who finishes a branch: on its own connection, or on another. */
    record Session(ServiceProcess process, boolean isOwner, Luck luck) {}

    private void finished(LocalTransaction work, boolean isCommit, ServiceProcess by) {
        if (by != work.owner) {
            world.marks.sometimes(Mark.FINISHED_BY_ANOTHER);
            if (!work.owner.isAlive) {
                world.marks.sometimes(Mark.RESOLVED_AFTER_CRASH);
            }
        }
        end(work, isCommit ? LocalTransaction.State.COMMITTED : LocalTransaction.State.ROLLED_BACK);
        if (isCommit) {
            committed(work);
        } else {
            world.judge.branchRolledBack(work);
        }
    }

    private void committed(LocalTransaction work) {
        if (work.isCommitLost) {
            world.marks.sometimes(Mark.COMMITTED_AGAIN);
        }
        commits.committed(work);
        world.judge.branchCommitted(work);
    }

    /** What is committed by now survives a crash. */
    void force() {
        commits.force();
        rows.force();
    }

    /** Somebody decides it at the console. */
    void decideByHand(LocalTransaction work, boolean isCommit) {
        world.trace(world.outside, () -> work.ref + (isCommit ? " is committed" : " is rolled back") + " by hand");
        work.isByHand = true;
        end(work, isCommit ? LocalTransaction.State.COMMITTED : LocalTransaction.State.ROLLED_BACK);
        world.judge.decidedByHand(work);
    }

    /** Whether something is prepared that nobody can roll back before the database is opened again. */
    boolean needsReopening() {
        return kind == DatabaseKind.REOPENED
                && prepared.values().stream().anyMatch(work -> !work.isAttached && work.opening == openings);
    }

    /** What is left, for the judge: nothing should be. */
    String leftovers() {
        StringBuilder left = new StringBuilder();
        active.forEach(work -> left.append(" open ").append(work.ref).append(work.owner.isAlive ? "" : " of the dead"));
        prepared.keySet().forEach(ref -> left.append(" prepared ").append(ref));
        left.append(rows.leftovers());
        return left.isEmpty() && !locks.isFree() ? " locks" : left.toString();
    }
}
