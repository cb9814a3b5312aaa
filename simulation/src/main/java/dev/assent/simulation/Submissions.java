package dev.assent.simulation;

import dev.assent.protocol.coordinator.LogRecord;
import org.jspecify.annotations.Nullable;

/** How the packs of a loop go to its log, step by step: past each record, then all of them, then past each again. */
final class Submissions {
    private final Replica replica;
    private final World world;
    private final Packs packs;
    private final LoopThread thread;
    private Packs.@Nullable Pack pack;
    private int recordsPassed;
    private boolean isAppended;

    Submissions(Replica replica, Packs packs, LoopThread thread) {
        this.replica = replica;
        this.world = replica.node.world;
        this.packs = packs;
        this.thread = thread;
    }

    /** The next step; false if there is none. */
    boolean step() {
        Packs.Pack present = pack;
        if (present == null) {
            begin();
            return pack != null;
        }
        if (recordsPassed < present.records().size()) {
            LogRecord record = present.records().get(recordsPassed);
            Strike.Fate fate = thread.atPointOrStep(
                    isAppended ? TurnPoints.appended(record) : TurnPoints.beforeAppend(record), record);
            recordsPassed += fate.isHalt() ? 0 : 1;
        } else if (!isAppended) {
            replica.appends.append(present.number(), present.records());
            isAppended = true;
            recordsPassed = 0;
        } else {
            pack = null;
        }
        return true;
    }

    private void begin() {
        pack = packs.next(world.nowNanos);
        isAppended = false;
        recordsPassed = 0;
        if (pack != null && packs.isOvertaken()) {
            world.marks.sometimes(Mark.PACK_OVERTAKEN);
        }
    }
}
