package dev.assent.protocol.branch;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.branch.BranchState.Active;
import dev.assent.protocol.branch.BranchState.Ended;
import dev.assent.protocol.branch.BranchState.InDoubt;
import dev.assent.protocol.branch.BranchState.Repeat;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.time.Backoff;
import dev.assent.protocol.time.Timetable;
import java.util.List;
import java.util.Optional;

/**
 * One branch of two-phase commit, presumed abort (Mohan, Lindsay and Obermarck 1986), as a value with a step function.
 *
 * <pre>
 * Active --Prepare--> [AwaitingCalls] --> WritingEvidence --> Preparing --> InDoubt --COMMIT--> Committing --> Ended
 *    |                     |                  |    |             |             \---ABORT--> RollingBackPrepared --> Ended
 *    |                     |                  |    |  fails      |  fails
 *    \---------------------+------------------+----+-------------+----> RollingBack --> Ended
 *      refused, aborted, expired, new leader, doomed, nothing written
 * </pre>
 *
 * The line between {@code Preparing} and {@code InDoubt} is the one that costs money. Left of it the branch may abort by
 * itself at any time and never obeys a commit; right of it only the coordinator's word counts. The vote is given exactly
 * when the line is crossed, and the first vote stands.
 *
 * <p>A branch of which the application has promised that no further call will use it prepares when its last call has left,
 * and votes without being asked. If it wrote nothing it keeps its locks and waits for Prepare all the same, since others may
 * still lock something: only then may it vote READ_ONLY.
 *
 * <p>Prepare counts as the acknowledgement of the enlistment: only the leader of the xid's own term sends it, and only to
 * branches in its list, so whoever receives it is in the decision or drops out by its vote. That is all the
 * acknowledgement says, and to wait for a lost one would abort what may commit.
 *
 * @param ref whose branch, and which
 * @param facts what is true of it in any state
 * @param state where it stands
 */
record TwoPhaseBranch(BranchRef ref, Facts facts, BranchState state) {

    /**
     * What is true of a branch in any state.
     *
     * @param expiresNanos when it aborts by itself if it has not been asked to vote
     * @param calls how many calls ran in it
     * @param openCalls how many of them have not left
     * @param isAcknowledged whether the leader of the xid's term knows it
     * @param doom why it can no longer commit, if so
     * @param vote its vote, once given
     * @param early whether it votes without being asked
     */
    record Facts(
            long expiresNanos,
            int calls,
            int openCalls,
            boolean isAcknowledged,
            Optional<String> doom,
            Optional<Vote> vote,
            Early early) {

        static final Facts NONE = opened(Timetable.NEVER);

        static Facts opened(long expiresNanos) {
            return new Facts(expiresNanos, 0, 0, false, Optional.empty(), Optional.empty(), Early.NO);
        }

        Facts entered() {
            return new Facts(expiresNanos, calls + 1, openCalls + 1, isAcknowledged, doom, vote, early);
        }

        Facts left() {
            return new Facts(expiresNanos, calls, Math.max(0, openCalls - 1), isAcknowledged, doom, vote, early);
        }

        Facts acknowledged() {
            return new Facts(expiresNanos, calls, openCalls, true, doom, vote, early);
        }

        Facts doomed(String reason) {
            Optional<String> first = doom.or(() -> Optional.of(reason));
            return new Facts(expiresNanos, calls, openCalls, isAcknowledged, first, vote, early);
        }

        Facts voted(Vote given) {
            Optional<Vote> first = vote.or(() -> Optional.of(given));
            return new Facts(expiresNanos, calls, openCalls, isAcknowledged, doom, first, early);
        }

        Facts promised() {
            Early next = early == Early.NO ? Early.PROMISED : early;
            return new Facts(expiresNanos, calls, openCalls, isAcknowledged, doom, vote, next);
        }

        /** Told to prepare; of no interest to a branch that waits for it. */
        Facts asked() {
            Early next = early == Early.NO ? Early.NO : Early.ASKED;
            return new Facts(expiresNanos, calls, openCalls, isAcknowledged, doom, vote, next);
        }
    }

    /** Whether a branch votes before it is told to. */
    enum Early {
        /** It waits for Prepare. */
        NO,
        /** No further call will use it: it votes YES as soon as it can. READ_ONLY counts only as an answer to Prepare. */
        PROMISED,
        /** The same, and Prepare has arrived. */
        ASKED
    }

    /** The next value, and what the world must do, in this order. */
    record Step(TwoPhaseBranch next, List<BranchEffect> effects) {
        Step {
            effects = List.copyOf(effects);
        }
    }

    /**
     * What a step needs to know beside the branch.
     *
     * @param self the process
     * @param settings its times
     * @param leaderTerm the highest term of a ready leader of the branch's shard that was heard of, or 0
     * @param nowNanos the present
     */
    record Surroundings(InstanceId self, BranchSettings settings, long leaderTerm, long nowNanos) {}

    /** A branch that the application has just opened; its first enlistment leaves with it. */
    static Step opened(BranchInput.Opened input, Surroundings world) {
        long expires = Timetable.after(
                Timetable.after(world.nowNanos(), input.timeoutNanos()),
                world.settings().expiryGraceNanos());
        TwoPhaseBranch branch = new TwoPhaseBranch(
                new BranchRef(input.xid(), input.branch()), Facts.opened(expires), new Active(Repeat.OVER));
        return BeforeVote.enlist(branch, 0, world);
    }

    /** A branch that the database lists as prepared and that this core does not hold. */
    static TwoPhaseBranch found(BranchRef ref, Facts facts, long askFromNanos, long nowNanos) {
        Repeat asking = new Repeat(0, askFromNanos);
        return new TwoPhaseBranch(ref, facts, new InDoubt(nowNanos, true, askFromNanos, asking, Optional.empty()));
    }

    /** A branch of which nothing is known but its name; a command about it starts here. */
    static TwoPhaseBranch unknown(BranchRef ref) {
        return new TwoPhaseBranch(ref, Facts.NONE, new Ended(BranchState.End.ROLLED_BACK));
    }

    Step on(BranchInput input, Surroundings world) {
        boolean isUnvoted = state instanceof Active
                || state instanceof BranchState.AwaitingCalls
                || state instanceof BranchState.WritingEvidence
                || state instanceof BranchState.Preparing;
        return isUnvoted ? BeforeVote.on(this, input, world) : AfterVote.on(this, input, world);
    }

    /** When it wants a tick, or {@link Timetable#NEVER}. */
    long dueNanos() {
        return state instanceof Active ? Math.min(state.dueNanos(), facts.expiresNanos()) : state.dueNanos();
    }

    boolean isEnded() {
        return state instanceof Ended;
    }

    // ---- what the step functions are made of ----

    TwoPhaseBranch to(BranchState next) {
        return new TwoPhaseBranch(ref, facts, next);
    }

    TwoPhaseBranch with(Facts changed) {
        return new TwoPhaseBranch(ref, changed, state);
    }

    Step does(BranchEffect... effects) {
        return new Step(this, List.of(effects));
    }

    BranchEffect tells(Notice notice) {
        return new BranchEffect.Tell(ref.xid().shard(), notice);
    }

    BranchEffect says(Vote vote) {
        return tells(new Notice.Voted(ref.xid(), ref.branch(), vote, facts.calls()));
    }

    BranchEffect reports(BranchReport report) {
        return tells(new Notice.Reported(ref.xid(), ref.branch(), report));
    }

    BranchEffect asks() {
        return tells(new Notice.Asked(ref.xid(), ref.branch()));
    }

    BranchEffect closes(String state) {
        return new BranchEffect.Closed(ref.branch(), state);
    }

    BranchEffect rollsBack() {
        return new BranchEffect.RollBack(ref.xid(), ref.branch());
    }

    long waits(Backoff backoff, int attempt, long nowNanos) {
        return Timetable.after(nowNanos, backoff.delayNanos(attempt, Backoff.salt(ref.branch())));
    }
}
