package dev.assent.it;

import dev.assent.protocol.Outcome;
import dev.assent.protocol.fault.FaultPoint;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One cell of the kill matrix: what happens to whom at which step of which transaction. */
record KillCell(FaultPoint point, Victim victim, Ending ending) {
    /** Who is struck, wherever the step is. */
    enum Victim {
        LEADER,
        FOLLOWER,
        PARTICIPANT,
        INITIATOR,
        /** Stopped until another node leads, and woken up. */
        PAUSED_LEADER
    }

    /** How the transaction would end if nobody were struck. */
    enum Ending {
        COMMIT,
        /** The right participant votes NO. */
        ABORT
    }

    /** What has to happen before a transaction comes to the step. */
    enum Approach {
        NOTHING,
        LEADER_DIES,
        LEADER_SLEEPS,
        PARTICIPANT_DIES,
        /** A follower is away until the log that it lacks is gone. */
        FOLLOWER_FALLS_BEHIND
    }

    private static final Set<FaultPoint> OF_COMMITS_ALONE = EnumSet.of(
            FaultPoint.DECISION_BEFORE_APPEND,
            FaultPoint.DECISION_APPENDED,
            FaultPoint.DECISION_APPLIED,
            FaultPoint.LOG_BEFORE_FORCE,
            FaultPoint.SNAPSHOT_BEFORE_RENAME,
            FaultPoint.ENDED_BEFORE_APPEND,
            FaultPoint.COMMIT_BEFORE_DATABASE,
            FaultPoint.COMMIT_DURABLE);

    private static final Set<FaultPoint> AFTER_THE_DECISION = EnumSet.of(
            FaultPoint.DECISION_APPLIED,
            FaultPoint.COMMAND_BEFORE_SEND,
            FaultPoint.ACK_RECEIVED,
            FaultPoint.REPLY_BEFORE_SEND,
            FaultPoint.ENDED_BEFORE_APPEND,
            FaultPoint.COMMIT_BEFORE_DATABASE,
            FaultPoint.COMMIT_DURABLE,
            FaultPoint.OUTCOME_BEFORE_RETURN);

    private static final Set<FaultPoint> BEFORE_THE_REQUEST = EnumSet.of(
            FaultPoint.BEGIN_SENT,
            FaultPoint.ENLIST_BEFORE_SEND,
            FaultPoint.ENLIST_BEFORE_ACK,
            FaultPoint.COMMAND_RECEIVED,
            FaultPoint.COMMIT_BEFORE_SEND,
            FaultPoint.SNAPSHOT_INSTALLED);

    /** The whole product, as far as a transaction that ends so comes to the step. */
    static List<KillCell> all() {
        List<KillCell> cells = new ArrayList<>();
        for (FaultPoint point : FaultPoint.values()) {
            for (Victim victim : Victim.values()) {
                for (Ending ending : Ending.values()) {
                    KillCell cell = new KillCell(point, victim, ending);
                    if (cell.isReachable()) {
                        cells.add(cell);
                    }
                }
            }
        }
        return cells;
    }

    /**
     * One cell for each step: mostly who stands at it dies. At two steps somebody else is struck, because there the cell
     * would only wait, for the time that a branch of a dead process or a transaction without an initiator is left alone.
     */
    static List<KillCell> onePerPoint() {
        List<KillCell> cells = new ArrayList<>();
        for (FaultPoint point : FaultPoint.values()) {
            KillCell cell = new KillCell(point, usualVictim(point), Ending.COMMIT);
            cells.add(cell.isReachable() ? cell : new KillCell(point, usualVictim(point), Ending.ABORT));
        }
        return cells;
    }

    private static Victim usualVictim(FaultPoint point) {
        return switch (point) {
            case PREPARE_DURABLE -> Victim.LEADER;
            case COMMIT_BEFORE_SEND -> Victim.PAUSED_LEADER;
            default ->
                switch (point.side()) {
                    case COORDINATOR -> point.isOnDisk() ? Victim.FOLLOWER : Victim.LEADER;
                    case PARTICIPANT -> Victim.PARTICIPANT;
                    case INITIATOR -> Victim.INITIATOR;
                };
        };
    }

    /** A branch that is decided to commit is told so as soon as it is back, before it could ask. */
    private boolean isReachable() {
        return ending == Ending.COMMIT
                ? point != FaultPoint.ABORT_BEFORE_DATABASE && point != FaultPoint.RECOVERY_ANSWERED
                : !OF_COMMITS_ALONE.contains(point);
    }

    Approach approach() {
        return switch (point) {
            case LEADER_ELECTED, LEADER_READY, SESSION_LOST -> Approach.LEADER_DIES;
            case LEADER_LOST -> Approach.LEADER_SLEEPS;
            case RECOVERY_LISTED, RECOVERY_ANSWERED -> Approach.PARTICIPANT_DIES;
            case SNAPSHOT_INSTALLED -> Approach.FOLLOWER_FALLS_BEHIND;
            default -> Approach.NOTHING;
        };
    }

    /** Where the transaction stands while what comes before the step happens; unless that is nothing. */
    FaultPoint firstStop() {
        boolean commits = ending == Ending.COMMIT;
        return switch (approach()) {
            case LEADER_DIES, LEADER_SLEEPS -> commits ? FaultPoint.DECISION_APPLIED : FaultPoint.VOTE_RECEIVED;
            case PARTICIPANT_DIES -> commits ? FaultPoint.COMMIT_BEFORE_DATABASE : FaultPoint.PREPARE_DURABLE;
            case NOTHING -> point;
            case FOLLOWER_FALLS_BEHIND -> FaultPoint.COMMIT_BEFORE_SEND;
        };
    }

    /** Whether the refusal must wait, or the transaction might be over before it comes to the step. */
    boolean refusesLate() {
        return ending == Ending.ABORT
                && (approach() != Approach.NOTHING
                        || point == FaultPoint.VOTE_RECEIVED
                        || point == FaultPoint.PREPARE_BEFORE_EVIDENCE
                        || point == FaultPoint.PREPARE_BEFORE_DURABLE
                        || point == FaultPoint.PREPARE_DURABLE);
    }

    /** What the transaction must come to; empty where both are right. */
    Optional<Outcome> fate() {
        if (ending == Ending.ABORT) {
            return Optional.of(Outcome.ABORTED);
        }
        boolean isDecided = AFTER_THE_DECISION.contains(point)
                || (approach() != Approach.NOTHING && approach() != Approach.FOLLOWER_FALLS_BEHIND);
        if (isDecided) {
            return Optional.of(Outcome.COMMITTED);
        }
        if (point == FaultPoint.SNAPSHOT_BEFORE_RENAME && victim != Victim.FOLLOWER) {
            // It may be the snapshot of an entry before the transaction's own.
            return Optional.empty();
        }
        return switch (victim) {
            case FOLLOWER -> Optional.of(Outcome.COMMITTED);
            case INITIATOR -> Optional.of(BEFORE_THE_REQUEST.contains(point) ? Outcome.ABORTED : Outcome.COMMITTED);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return victim.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " at " + point + " of "
                + ending.name().toLowerCase(java.util.Locale.ROOT);
    }
}
