package dev.assent.simulation.explore;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.branch.BranchEffect;
import dev.assent.protocol.branch.BranchInput;
import dev.assent.protocol.branch.BranchRef;
import java.util.List;
import java.util.Optional;

/** The databases of the participants: what they know of a branch is in the world, what they do with it is here. */
final class Databases {
    private final Bounds bounds;

    Databases(Bounds bounds) {
        this.bounds = bounds;
    }

    /**
     * What only its process could see coming is done at once: lists, the removal of rows, and the rollback of an open local
     * transaction, which no other process can reach; everything else, unless something may come in between.
     *
     * @param answer empty if there is none, or not yet
     * @param takesTime whether it is yet to be done
     */
    record Reaction(Optional<BranchInput> answer, boolean takesTime) {
        private static final Reaction NONE = new Reaction(Optional.empty(), false);
        private static final Reaction LATER = new Reaction(Optional.empty(), true);

        private static Reaction of(BranchInput answer) {
            return new Reaction(Optional.of(answer), false);
        }
    }

    Reaction asked(World world, int slot, BranchEffect work) {
        BranchRef ref = new BranchRef(Names.xid(Math.max(1, world.get(World.XID_TERM))), Names.branch(slot));
        if (work instanceof BranchEffect.ListPrepared list) {
            List<BranchRef> prepared = world.local(slot) == World.PREPARED ? List.of(ref) : List.of();
            return Reaction.of(new BranchInput.PreparedListed(list.resource(), prepared));
        } else if (work instanceof BranchEffect.ListRows list) {
            List<BranchRef> rows = world.local(slot) == World.COMMITTED ? List.of(ref) : List.of();
            return Reaction.of(new BranchInput.RowsListed(list.resource(), rows));
        } else if (work instanceof BranchEffect.RemoveRows remove) {
            if (world.local(slot) == World.COMMITTED && remove.rows().contains(ref)) {
                world.setLocal(slot, World.COMMITTED_WITHOUT_ROW);
            }
            return Reaction.NONE;
        } else if (work instanceof BranchEffect.RollBack) {
            if (world.local(slot) == World.ACTIVE || world.local(slot) == World.EVIDENCE) {
                world.setLocal(slot, world.is(slot, World.WROTE_NOTHING) ? World.READ_ONLY : World.UNPREPARED_GONE);
            }
            return Reaction.of(new BranchInput.RolledBack(ref));
        }
        return takesTime(world, work) ? Reaction.LATER : Reaction.of(done(world, work));
    }

    private boolean takesTime(World world, BranchEffect work) {
        boolean isVoting = work instanceof BranchEffect.WriteEvidence || work instanceof BranchEffect.Prepare;
        boolean mayFail = world.get(World.REFUSALS) > 0
                || (world.get(World.READERS) > 0 && work instanceof BranchEffect.WriteEvidence);
        return bounds.steps() > 0 || (isVoting && mayFail);
    }

    /** Does it. */
    BranchInput done(World world, BranchEffect work) {
        int slot = slotOf(work);
        int local = world.local(slot);
        if (work instanceof BranchEffect.WriteEvidence it) {
            boolean isOpen = local == World.ACTIVE;
            world.setLocal(slot, isOpen ? World.EVIDENCE : local);
            return isOpen ? new BranchInput.EvidenceWritten(it.branch()) : refusal(it.branch());
        } else if (work instanceof BranchEffect.Prepare it) {
            boolean isOpen = local == World.EVIDENCE;
            world.setLocal(slot, isOpen ? World.PREPARED : local);
            return isOpen ? new BranchInput.Prepared(it.branch()) : refusal(it.branch());
        } else if (work instanceof BranchEffect.CommitPrepared it) {
            world.setLocal(slot, local == World.PREPARED ? World.COMMITTED : local);
            boolean isCommitted = world.local(slot) == World.COMMITTED;
            return isCommitted ? new BranchInput.Committed(it.branch()) : new BranchInput.NothingFound(it.branch());
        } else if (work instanceof BranchEffect.RollBackPrepared it) {
            world.setLocal(slot, local == World.PREPARED ? World.ROLLED_BACK : local);
            boolean isCommitted = local == World.COMMITTED;
            return isCommitted ? new BranchInput.FoundCommitted(it.branch()) : new BranchInput.RolledBack(it.branch());
        }
        throw new AssertionError("unknown step in a database " + work);
    }

    /** It fails. */
    static BranchInput refusal(BranchId branch) {
        return new BranchInput.PrepareFailed(branch, "refused");
    }

    /** Whose branch a step that takes time is about. */
    static int slotOf(BranchEffect work) {
        if (work instanceof BranchEffect.CommitPrepared it) {
            return Names.slotOf(it.branch().branch());
        } else if (work instanceof BranchEffect.RollBackPrepared it) {
            return Names.slotOf(it.branch().branch());
        }
        return Names.slotOf(unvoted(work));
    }

    /** The branch of a step before the vote. */
    static BranchId unvoted(BranchEffect work) {
        return work instanceof BranchEffect.WriteEvidence write
                ? write.branch()
                : ((BranchEffect.Prepare) work).branch();
    }
}
