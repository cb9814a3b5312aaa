package dev.assent.simulation;

import dev.assent.protocol.branch.BranchRef;
import java.util.ArrayList;
import java.util.List;

/** A local transaction in a database: what a branch is. */
final class LocalTransaction {
    enum State {
        ACTIVE,
        PREPARED,
        COMMITTED,
        ROLLED_BACK
    }

    final BranchRef ref;
    /** Whose connection it is. */
    final ServiceProcess owner;
    /** The runs of calls whose work is in it; one that was undone is not. */
    final List<CallRun> runs = new ArrayList<>();

    final List<Integer> rows = new ArrayList<>();
    State state = State.ACTIVE;
    boolean hasEvidence;
    boolean isByHand;

    LocalTransaction(BranchRef ref, ServiceProcess owner) {
        this.ref = ref;
        this.owner = owner;
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    boolean isEnded() {
        return state == State.COMMITTED || state == State.ROLLED_BACK;
    }

    @Override
    public String toString() {
        return ref.branch() + " " + state + (isByHand ? " by hand" : "");
    }
}
