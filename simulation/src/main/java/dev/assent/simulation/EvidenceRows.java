package dev.assent.simulation;

import dev.assent.protocol.branch.BranchRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The evidence rows of one database that can be seen: each is a branch that has committed. */
final class EvidenceRows {
    private final World world;
    private final boolean isForcedLater;
    private final Map<BranchRef, LocalTransaction> rows = new LinkedHashMap<>();
    private final List<LocalTransaction> removedUnforced = new ArrayList<>();

    EvidenceRows(World world, DatabaseKind kind) {
        this.world = world;
        this.isForcedLater = kind.isForcedLater();
    }

    boolean has(BranchRef ref) {
        return rows.containsKey(ref);
    }

    /** Becomes visible. */
    void add(LocalTransaction work) {
        rows.put(work.ref, work);
    }

    /** Nobody has ever seen it: its commit is taken back, or made good by hand. */
    void takeBack(BranchRef ref) {
        rows.remove(ref);
        removedUnforced.removeIf(work -> work.ref.equals(ref));
    }

    List<BranchRef> oldest(int most) {
        return rows.keySet().stream().limit(most).toList();
    }

    /** A participant deletes it. */
    void remove(BranchRef ref) {
        LocalTransaction work = rows.remove(ref);
        if (work != null) {
            world.marks.sometimes(Mark.ROW_REMOVED);
            world.judge.rowRemoved(work);
            if (isForcedLater) {
                removedUnforced.add(work);
            }
        }
    }

    void force() {
        removedUnforced.clear();
    }

    /** The database crashes: what was deleted and not forced is there again. */
    void crash() {
        for (LocalTransaction work : removedUnforced) {
            world.marks.sometimes(Mark.ROW_CAME_BACK);
            rows.put(work.ref, work);
        }
        removedUnforced.clear();
    }

    String leftovers() {
        StringBuilder left = new StringBuilder();
        rows.keySet().forEach(ref -> left.append(" row ").append(ref));
        return left.toString();
    }
}
