package dev.assent.simulation;

import dev.assent.protocol.ResourceName;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The database of one resource: rows with locks, open local transactions, which die with their connection, prepared ones,
 * which nothing kills, and evidence rows, which are visible exactly when their branch has committed.
 */
final class Database {
    private static final int ROWS_LISTED = 256;
    final ResourceName resource;
    final String name;
    final Locks locks;
    private final World world;
    private final List<LocalTransaction> active = new ArrayList<>();
    private final Map<BranchRef, LocalTransaction> prepared = new LinkedHashMap<>();
    private final Map<BranchRef, LocalTransaction> evidence = new LinkedHashMap<>();
    private long downUntilNanos;

    Database(World world, ResourceName resource) {
        this.world = world;
        this.resource = resource;
        this.name = resource.value();
        this.locks = new Locks(world);
    }

    boolean isDown() {
        return downUntilNanos > world.nowNanos;
    }

    /** It restarts: connections are lost and what is open with them; what is prepared is kept. */
    void restart(long millis) {
        world.trace(world.outside, () -> name + " restarts");
        downUntilNanos = world.nowNanos + millis * WorldParameters.MILLI;
        if (!active.isEmpty()) {
            world.marks.sometimes(Mark.DATABASE_RESTARTED);
        }
        for (LocalTransaction open : List.copyOf(active)) {
            end(open, LocalTransaction.State.ROLLED_BACK);
        }
    }

    void comeBack() {
        downUntilNanos = 0;
    }

    /** A process is gone; soon the database has noticed. */
    void clientDied(ServiceProcess client) {
        long delay = world.dice.between(Purpose.DISTURBANCE, client.luck, 0, 50) * WorldParameters.MILLI;
        if (prepared.values().stream().anyMatch(it -> it.owner == client)) {
            world.marks.sometimes(Mark.PROCESS_CRASHED_PREPARED);
        }
        world.after(delay, world.outside, () -> {
            for (LocalTransaction open : List.copyOf(active)) {
                if (open.owner == client) {
                    end(open, LocalTransaction.State.ROLLED_BACK);
                }
            }
        });
    }

    // ---- local transactions ----

    LocalTransaction open(BranchRef ref, ServiceProcess owner) {
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

    BranchInput prepare(LocalTransaction work) {
        if (!work.isActive()) {
            return new BranchInput.PrepareFailed(work.ref.branch(), "the local transaction is gone");
        }
        active.remove(work);
        work.state = LocalTransaction.State.PREPARED;
        prepared.put(work.ref, work);
        world.hash(work.ref.branch().number());
        world.operators.prepared(this, work);
        return new BranchInput.Prepared(work.ref.branch());
    }

    /** Rolls back what is not prepared; whatever is left of it ends with the connection. */
    BranchInput rollBack(LocalTransaction work) {
        if (work.isActive()) {
            end(work, LocalTransaction.State.ROLLED_BACK);
        }
        return new BranchInput.RolledBack(work.ref);
    }

    private void end(LocalTransaction work, LocalTransaction.State end) {
        active.remove(work);
        prepared.remove(work.ref);
        work.state = end;
        if (end == LocalTransaction.State.COMMITTED && work.hasEvidence) {
            evidence.put(work.ref, work);
        }
        world.hash(work.ref.branch().number() * 4 + (end == LocalTransaction.State.COMMITTED ? 1 : 2));
        locks.release(work);
    }

    // ---- prepared ones ----

    @Nullable
    LocalTransaction prepared(BranchRef ref) {
        return prepared.get(ref);
    }

    List<LocalTransaction> allPrepared() {
        return List.copyOf(prepared.values());
    }

    BranchInput commitPrepared(BranchRef ref, ServiceProcess by) {
        LocalTransaction work = prepared.get(ref);
        if (work == null) {
            boolean isCommitted = evidence.containsKey(ref);
            if (!isCommitted) {
                world.marks.sometimes(Mark.NOTHING_FOUND);
            }
            return isCommitted ? new BranchInput.Committed(ref) : new BranchInput.NothingFound(ref);
        }
        finished(work, by);
        end(work, LocalTransaction.State.COMMITTED);
        world.judge.branchCommitted(work);
        return new BranchInput.Committed(ref);
    }

    BranchInput rollBackPrepared(BranchRef ref, ServiceProcess by) {
        LocalTransaction work = prepared.get(ref);
        if (work == null) {
            boolean isCommitted = evidence.containsKey(ref);
            if (isCommitted) {
                world.marks.sometimes(Mark.FOUND_COMMITTED);
            }
            return isCommitted ? new BranchInput.FoundCommitted(ref) : new BranchInput.RolledBack(ref);
        }
        finished(work, by);
        end(work, LocalTransaction.State.ROLLED_BACK);
        world.judge.branchRolledBack(work);
        return new BranchInput.RolledBack(ref);
    }

    private void finished(LocalTransaction work, ServiceProcess by) {
        if (by != work.owner) {
            world.marks.sometimes(Mark.FINISHED_BY_ANOTHER);
            if (!work.owner.isAlive) {
                world.marks.sometimes(Mark.RESOLVED_AFTER_CRASH);
            }
        }
    }

    /** Somebody decides it at the console. */
    void decideByHand(LocalTransaction work, boolean isCommit) {
        world.trace(world.outside, () -> work.ref + (isCommit ? " is committed" : " is rolled back") + " by hand");
        work.isByHand = true;
        end(work, isCommit ? LocalTransaction.State.COMMITTED : LocalTransaction.State.ROLLED_BACK);
        world.judge.decidedByHand(work);
    }

    // ---- recovery ----

    BranchInput listPrepared() {
        return new BranchInput.PreparedListed(resource, new ArrayList<>(prepared.keySet()));
    }

    BranchInput listRows() {
        List<BranchRef> rows = evidence.keySet().stream().limit(ROWS_LISTED).toList();
        if (!rows.isEmpty()) {
            world.marks.sometimes(Mark.ROW_SHOWN);
        }
        return new BranchInput.RowsListed(resource, rows);
    }

    void removeRows(List<BranchRef> rows) {
        for (BranchRef row : rows) {
            LocalTransaction work = evidence.remove(row);
            if (work != null) {
                world.marks.sometimes(Mark.ROW_REMOVED);
                world.judge.rowRemoved(work);
            }
        }
    }

    /** An operator has made good what was committed by hand, and takes the row away. */
    void removeByHand(BranchRef row) {
        evidence.remove(row);
    }

    /** What is left, for the judge: nothing should be. */
    String leftovers() {
        StringBuilder left = new StringBuilder();
        active.forEach(work -> left.append(" open ").append(work.ref).append(work.owner.isAlive ? "" : " of the dead"));
        prepared.keySet().forEach(ref -> left.append(" prepared ").append(ref));
        evidence.keySet().forEach(ref -> left.append(" row ").append(ref));
        return left.isEmpty() && !locks.isFree() ? " locks" : left.toString();
    }
}
