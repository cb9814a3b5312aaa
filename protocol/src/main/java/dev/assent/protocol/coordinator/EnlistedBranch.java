package dev.assent.protocol.coordinator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Vote;
import java.util.Optional;

/**
 * A branch of an undecided transaction.
 *
 * @param vote the first one, which stands; empty until it came
 * @param calls how many calls ran in it, by its vote
 */
record EnlistedBranch(BranchId id, Optional<Vote> vote, int calls) {
    static EnlistedBranch enlisted(BranchId id) {
        return new EnlistedBranch(id, Optional.empty(), 0);
    }

    EnlistedBranch voted(Vote first, int callCount) {
        return new EnlistedBranch(id, Optional.of(first), callCount);
    }

    boolean hasVoted() {
        return vote.isPresent();
    }

    boolean votedYes() {
        return vote.filter(Vote.Yes.class::isInstance).isPresent();
    }
}
