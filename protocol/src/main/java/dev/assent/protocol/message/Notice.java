package dev.assent.protocol.message;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;

/** What an instance tells the leader of a shard. */
public sealed interface Notice {
    /** Wants a block of numbers to begin transactions from; told {@link Command.Lease}. */
    record BlockWanted() implements Notice {}

    /** Gives a block back: its numbers that nothing was heard of are over. */
    record BlockReturned(BlockId block) implements Notice {}

    /**
     * A branch was opened; told {@link Command.EnlistAcknowledged} or {@link Command.EnlistRefused}.
     *
     * @param timeoutNanos what is left of the timeout as the branch knows it, in case this opens the xid; 0 means the
     *     cluster's default
     */
    record Enlist(Xid xid, BranchId branch, long timeoutNanos) implements Notice {}

    /**
     * A branch voted.
     *
     * @param calls how many calls ran in it
     */
    record Voted(Xid xid, BranchId branch, Vote vote, int calls) implements Notice {}

    /** A branch in doubt asks for the decision; told {@link Command.BranchAnswer}. */
    record Asked(Xid xid, BranchId branch) implements Notice {}

    /** A branch answers a command of phase two, or Prepare by {@link BranchReport#NOT_MINE}. */
    record Reported(Xid xid, BranchId branch, BranchReport report) implements Notice {}

    /** The evidence row of a committed branch is still there: may it go? Told {@link Command.RowAnswer}. */
    record RowShown(Xid xid, BranchId branch) implements Notice {}
}
