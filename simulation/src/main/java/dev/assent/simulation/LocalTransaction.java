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

    /** The session that opened it is still there, as far as the server knows. */
    boolean isAttached = true;
    /** A statement that its client has given up is still to be done in it. */
    boolean isRunning;
    /** Its client is gone; it ends with the statement that runs. */
    boolean isGivenUp;
    /** Somebody is committing it or rolling it back: it is listed, and nobody else may finish it. */
    boolean isBeingFinished;
    /** In which opening of its database it was prepared. */
    int opening;
    /** Its database has lost its commit after that was acknowledged, and it was not committed again for good. */
    boolean isCommitLost;

    LocalTransaction(BranchRef ref, ServiceProcess owner) {
        this.ref = ref;
        this.owner = owner;
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    boolean isPrepared() {
        return state == State.PREPARED;
    }

    boolean isEnded() {
        return state == State.COMMITTED || state == State.ROLLED_BACK;
    }

    @Override
    public String toString() {
        return ref.branch() + " " + state + (isByHand ? " by hand" : "");
    }
}
