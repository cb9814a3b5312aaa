package dev.assent.protocol.coordinator;

import dev.assent.protocol.BranchId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import java.util.Optional;

/** A participant's local transaction and what its database keeps of it. */
final class ModelBranch {
    enum State {
        ACTIVE,
        PREPARED,
        READ_ONLY,
        COMMITTED,
        ABORTED
    }

    final Xid xid;
    final BranchId id;
    /** What it answers to Prepare. */
    private final Vote answer;

    State state = State.ACTIVE;
    boolean isAcknowledged;
    boolean hasRow;
    Optional<Vote> vote = Optional.empty();
    /** A hand decided it: the protocol's promises are off for its transaction. */
    boolean wasTouched;

    ModelBranch(Xid xid, BranchId id, Vote answer) {
        this.xid = xid;
        this.id = id;
        this.answer = answer;
    }

    boolean isOpen() {
        return state == State.ACTIVE || state == State.PREPARED;
    }

    /** Nobody prepares before its enlistment was acknowledged. */
    Optional<Notice> prepare(boolean isEarly) {
        if (vote.isPresent()) {
            return Optional.of(voted());
        } else if (state != State.ACTIVE || !isAcknowledged || (isEarly && answer != Vote.YES)) {
            return Optional.empty();
        }
        vote = Optional.of(answer);
        state = answer == Vote.YES ? State.PREPARED : answer == Vote.READ_ONLY ? State.READ_ONLY : State.ABORTED;
        return Optional.of(voted());
    }

    private Notice voted() {
        return new Notice.Voted(xid, id, vote.orElseThrow(), 1);
    }

    /** Before it has voted a branch may always abort by itself. */
    void giveUp() {
        if (state == State.ACTIVE) {
            state = State.ABORTED;
        }
    }

    Notice commit() {
        if (state == State.PREPARED) {
            state = State.COMMITTED;
            hasRow = true;
        }
        boolean isCommitted = state == State.COMMITTED && hasRow;
        return new Notice.Reported(xid, id, isCommitted ? BranchReport.DONE : BranchReport.NOTHING_FOUND);
    }

    /** @param isOwner whether the instance told holds the connection; another one can only end what is prepared */
    Notice abort(boolean isOwner) {
        if (state == State.PREPARED || (state == State.ACTIVE && isOwner)) {
            state = State.ABORTED;
        }
        boolean isCommitted = state == State.COMMITTED && hasRow;
        return new Notice.Reported(xid, id, isCommitted ? BranchReport.FOUND_COMMITTED : BranchReport.DONE);
    }

    Optional<Notice> answered(Command.Verdict verdict, boolean isOwner) {
        return switch (verdict) {
            case COMMIT -> state == State.PREPARED ? Optional.of(commit()) : Optional.empty();
            case ABORT -> isOpen() ? Optional.of(abort(isOwner)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return Names.show(id) + ":" + state + (isAcknowledged ? "" : "?")
                + vote.map(Names::show).orElse("");
    }
}
