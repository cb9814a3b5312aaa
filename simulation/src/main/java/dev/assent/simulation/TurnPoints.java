package dev.assent.simulation;

import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import org.jspecify.annotations.Nullable;

/** Which fault point a step of a shard's loop begins with: the same as in the loop that runs in production. */
final class TurnPoints {
    private TurnPoints() {}

    /** Before something that arrived is worked off. */
    static @Nullable FaultPoint before(Object item) {
        if (item instanceof Input.Requested requested) {
            return requested.request() instanceof Request.Commit ? FaultPoint.COMMIT_RECEIVED : null;
        } else if (item instanceof Input.Noticed noticed) {
            if (noticed.notice() instanceof Notice.Voted) {
                return FaultPoint.VOTE_RECEIVED;
            }
            return noticed.notice() instanceof Notice.Reported ? FaultPoint.ACK_RECEIVED : null;
        } else if (item instanceof LoopNews.Won) {
            return FaultPoint.LEADER_ELECTED;
        }
        return item instanceof LoopNews.Lost ? FaultPoint.LEADER_LOST : null;
    }

    /** Before the core hears of a record of an own pack; nobody waits for what others submitted. */
    static @Nullable FaultPoint beforeApplied(Input.Applied applied) {
        return applied.stood() && applied.record() instanceof LogRecord.CommitDecided
                ? FaultPoint.DECISION_APPLIED
                : null;
    }

    /** Before a record is submitted. */
    static @Nullable FaultPoint beforeAppend(LogRecord record) {
        if (record instanceof LogRecord.CommitDecided) {
            return FaultPoint.DECISION_BEFORE_APPEND;
        }
        return record instanceof LogRecord.Ended ? FaultPoint.ENDED_BEFORE_APPEND : null;
    }

    /** After it was. */
    static @Nullable FaultPoint appended(LogRecord record) {
        return record instanceof LogRecord.CommitDecided ? FaultPoint.DECISION_APPENDED : null;
    }

    /** Before words leave. */
    static @Nullable FaultPoint before(Effect effect) {
        if (effect instanceof Effect.AnnounceReady) {
            return FaultPoint.LEADER_READY;
        } else if (effect instanceof Effect.Reply reply) {
            return tellsOutcome(reply.answer()) ? FaultPoint.REPLY_BEFORE_SEND : null;
        } else if (effect instanceof Effect.Send send) {
            return before(send.command());
        }
        return null;
    }

    private static @Nullable FaultPoint before(Command command) {
        if (command instanceof Command.EnlistAcknowledged) {
            return FaultPoint.ENLIST_BEFORE_ACK;
        }
        boolean isOrder = command instanceof Command.CommitBranch || command instanceof Command.AbortBranch;
        return isOrder ? FaultPoint.COMMAND_BEFORE_SEND : null;
    }

    private static boolean tellsOutcome(Answer answer) {
        return answer instanceof Answer.Committed
                || answer instanceof Answer.Aborted
                || answer instanceof Answer.Mixed
                || answer instanceof Answer.Hazard;
    }

    static @Nullable Xid xidOf(Object item) {
        if (item instanceof Input.Requested requested) {
            return Names.xidOf(requested.request());
        } else if (item instanceof Input.Noticed noticed) {
            return Names.xidOf(noticed.notice());
        } else if (item instanceof Effect.Send send) {
            return Names.xidOf(send.command());
        } else if (item instanceof LogRecord.CommitDecided decided) {
            return decided.xid();
        }
        return item instanceof LogRecord.Ended ended ? ended.xid() : null;
    }

    /** A call over no stream has one answer, and nothing brings it twice to the loop. */
    static boolean comesOnce(Object item) {
        return (item instanceof Input.Requested requested
                        && requested.id().origin().equals(UnaryCalls.ORIGIN))
                || (item instanceof Effect.Reply reply
                        && reply.request().origin().equals(UnaryCalls.ORIGIN));
    }
}
