package dev.assent.protocol.message;

/** What a branch says after a command of phase two: facts, no judgement. The leader makes the heuristic. */
public enum BranchReport {
    /** It did what it was told, now or earlier; after Abort also: nothing was there to roll back. */
    DONE,
    /** Told to commit: neither prepared nor, by its evidence row, committed. */
    NOTHING_FOUND,
    /** Told to abort: its evidence row shows that it is committed. */
    FOUND_COMMITTED,
    /** The instance asked does not hold the branch and left it alone: no acknowledgement. */
    NOT_MINE
}
