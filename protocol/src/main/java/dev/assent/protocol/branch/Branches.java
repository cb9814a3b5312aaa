package dev.assent.protocol.branch;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.branch.TwoPhaseBranch.Step;
import dev.assent.protocol.time.Timetable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The branches of one process: those in progress, when each falls due, and how its own last ones ended. */
final class Branches {
    private final InstanceId self;
    private final int rememberedCount;
    private final Map<BranchId, TwoPhaseBranch> live = new LinkedHashMap<>();
    private final Map<BranchId, TwoPhaseBranch> ended = new LinkedHashMap<>();
    private final Timetable<BranchId> due;

    Branches(InstanceId self, int rememberedCount) {
        this(self, rememberedCount, new Timetable<>());
    }

    private Branches(InstanceId self, int rememberedCount, Timetable<BranchId> due) {
        this.self = self;
        this.rememberedCount = rememberedCount;
        this.due = due;
    }

    Branches copy() {
        Branches copy = new Branches(self, rememberedCount, due.copy());
        copy.live.putAll(live);
        copy.ended.putAll(ended);
        return copy;
    }

    /** Those in progress, oldest entry first; a copy. */
    List<TwoPhaseBranch> live() {
        return List.copyOf(live.values());
    }

    boolean isLive(BranchId id) {
        return live.containsKey(id);
    }

    List<BranchId> due(long nowNanos) {
        return due.due(nowNanos);
    }

    long nextDeadlineNanos() {
        return due.nextNanos();
    }

    @Nullable
    TwoPhaseBranch find(BranchId id) {
        TwoPhaseBranch branch = live.get(id);
        return branch != null ? branch : ended.get(id);
    }

    /** None, if the branch is known under another xid: a branch belongs to one transaction, ever. */
    @Nullable
    TwoPhaseBranch find(BranchRef ref) {
        TwoPhaseBranch branch = find(ref.branch());
        return branch != null && branch.ref().equals(ref) ? branch : null;
    }

    List<BranchEffect> keep(Step step) {
        TwoPhaseBranch branch = step.next();
        BranchId id = branch.ref().branch();
        due.set(id, branch.dueNanos());
        if (!branch.isEnded()) {
            ended.remove(id);
            live.put(id, branch);
            return step.effects();
        }
        boolean isKnown = live.remove(id) != null || ended.containsKey(id);
        // Other instances' branches are not remembered, their database answers for them; nor are own ids that never
        // were, or a forged command could speak for a branch that is still to come.
        if (isKnown && id.instance().equals(self)) {
            ended.put(id, branch);
            if (ended.size() > rememberedCount) {
                ended.remove(ended.keySet().iterator().next());
            }
        }
        return step.effects();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Branches[");
        live.values().forEach(branch -> text.append("\n  live ").append(branch));
        ended.values().forEach(branch -> text.append("\n  ended ").append(branch));
        return text.append(']').toString();
    }
}
