package dev.assent.coordinator.shard;

import dev.assent.coordinator.fault.FaultSeam;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.fault.FaultPoint;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows at which {@link FaultPoint} the loop is; without a seam it looks at nothing. */
final class FaultProbe {
    private final FaultSeam seam;
    private final boolean isArmed;
    private final List<Xid> prepares = new ArrayList<>();

    FaultProbe(FaultSeam seam) {
        this.seam = seam;
        this.isArmed = seam != FaultSeam.NONE;
    }

    void at(FaultPoint point) {
        hit(point, null);
    }

    void beforeInput(Input input) {
        if (!isArmed) {
            return;
        }
        if (input instanceof Input.Requested requested && requested.request() instanceof Request.Commit commit) {
            hit(FaultPoint.COMMIT_RECEIVED, commit.xid());
        } else if (input instanceof Input.Noticed noticed) {
            if (noticed.notice() instanceof Notice.Voted voted) {
                hit(FaultPoint.VOTE_RECEIVED, voted.xid());
            } else if (noticed.notice() instanceof Notice.Reported reported) {
                hit(FaultPoint.ACK_RECEIVED, reported.xid());
            }
        }
    }

    /** A record of an own pack was applied; on followers nobody is about to be told. */
    void ownApplied(Input.Applied applied) {
        if (isArmed && applied.stood() && applied.record() instanceof LogRecord.CommitDecided decided) {
            hit(FaultPoint.DECISION_APPLIED, decided.xid());
        }
    }

    void beforeAppend(List<LogRecord> records) {
        if (!isArmed) {
            return;
        }
        for (LogRecord record : records) {
            if (record instanceof LogRecord.CommitDecided decided) {
                hit(FaultPoint.DECISION_BEFORE_APPEND, decided.xid());
            } else if (record instanceof LogRecord.Ended ended) {
                hit(FaultPoint.ENDED_BEFORE_APPEND, ended.xid());
            }
        }
    }

    void appended(List<LogRecord> records) {
        if (!isArmed) {
            return;
        }
        for (LogRecord record : records) {
            if (record instanceof LogRecord.CommitDecided decided) {
                hit(FaultPoint.DECISION_APPENDED, decided.xid());
            }
        }
    }

    void beforeDelivery(Effect effect) {
        if (!isArmed) {
            return;
        }
        if (effect instanceof Effect.AnnounceReady) {
            at(FaultPoint.LEADER_READY);
        } else if (effect instanceof Effect.Reply reply) {
            beforeReply(reply.answer());
        } else if (effect instanceof Effect.Send send) {
            beforeCommand(send.command());
        }
    }

    /** The turn's messages were handed to the streams. */
    void flushed() {
        for (Xid xid : prepares) {
            hit(FaultPoint.PREPARE_SENT, xid);
        }
        prepares.clear();
    }

    private void beforeReply(Answer answer) {
        boolean tellsOutcome = answer instanceof Answer.Committed
                || answer instanceof Answer.Aborted
                || answer instanceof Answer.Mixed
                || answer instanceof Answer.Hazard;
        if (tellsOutcome) {
            at(FaultPoint.REPLY_BEFORE_SEND);
        }
    }

    private void beforeCommand(Command command) {
        if (command instanceof Command.EnlistAcknowledged acknowledged) {
            hit(FaultPoint.ENLIST_BEFORE_ACK, acknowledged.xid());
        } else if (command instanceof Command.CommitBranch commit) {
            hit(FaultPoint.COMMAND_BEFORE_SEND, commit.xid());
        } else if (command instanceof Command.AbortBranch abort) {
            hit(FaultPoint.COMMAND_BEFORE_SEND, abort.xid());
        } else if (command instanceof Command.Prepare prepare) {
            prepares.add(prepare.xid());
        }
    }

    private void hit(FaultPoint point, @Nullable Xid xid) {
        seam.hit(point, xid);
    }
}
