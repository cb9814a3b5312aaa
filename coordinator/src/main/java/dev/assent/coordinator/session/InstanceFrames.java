package dev.assent.coordinator.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.ReportCode;
import dev.assent.proto.v1.VoteCode;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames that instances send. Nothing of a frame is believed: what leaves here is valid, so that no remote side
 * can cause an exception in a shard. Texts for people that are too long are cut, everything else out of range is
 * malformed.
 */
final class InstanceFrames {
    private final ClusterId cluster;

    InstanceFrames(ClusterId cluster) {
        this.cluster = cluster;
    }

    Arrival read(Frame frame) {
        if (frame.getKind() == Frame.Kind.UNRECOGNIZED) {
            return new Arrival.Unknown(frame.getKindValue());
        }
        try {
            return readKnown(frame);
        } catch (IllegalArgumentException malformed) {
            return new Arrival.Malformed(frame.getKind() + ": " + malformed.getMessage());
        }
    }

    private Arrival readKnown(Frame frame) {
        return switch (frame.getKind()) {
            case BLOCK_WANTED -> told(frame, new Notice.BlockWanted());
            case BLOCK_RETURNED -> told(frame, new Notice.BlockReturned(block(frame)));
            case ENLIST -> told(frame, new Notice.Enlist(xid(frame), branch(frame), nanos(frame)));
            case VOTE -> told(frame, new Notice.Voted(xid(frame), branch(frame), vote(frame), calls(frame.getCalls())));
            case ASK -> told(frame, new Notice.Asked(xid(frame), branch(frame)));
            case REPORT -> told(frame, new Notice.Reported(xid(frame), branch(frame), report(frame)));
            case ROW_SHOWN -> told(frame, new Notice.RowShown(xid(frame), branch(frame)));
            case BEGIN -> asked(frame, new Request.Begin(Optional.of(xid(frame)), nanos(frame)));
            case COMMIT -> asked(frame, new Request.Commit(xid(frame), mode(frame), sums(frame)));
            case ROLLBACK -> asked(frame, new Request.Rollback(xid(frame), cause(frame)));
            case OUTCOME -> asked(frame, new Request.OutcomeQuestion(xid(frame)));
            default -> throw new IllegalArgumentException("kind is not one that a process sends");
        };
    }

    private static Arrival told(Frame frame, Notice notice) {
        return new Arrival.Told(shard(frame), notice);
    }

    private static Arrival asked(Frame frame, Request request) {
        return new Arrival.Asked(shard(frame), frame.getRequest(), request);
    }

    private static int shard(Frame frame) {
        return (int) within("shard", frame.getShard(), 0, Xid.MAX_SHARD);
    }

    private Xid xid(Frame frame) {
        return new Xid(cluster, frame.getShard(), frame.getTerm(), frame.getSeq());
    }

    private static BranchId branch(Frame frame) {
        return BranchId.parse(frame.getBranch());
    }

    private static BlockId block(Frame frame) {
        long term = within("term", frame.getTerm(), 1, Xid.MAX_NUMBER);
        return new BlockId(term, within("seq", frame.getSeq(), 0, Xid.MAX_NUMBER / BlockId.SIZE));
    }

    private static long nanos(Frame frame) {
        return TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(frame.getMillis()));
    }

    private static int calls(int calls) {
        return (int) within("calls", calls, 0, Integer.MAX_VALUE);
    }

    private static Vote vote(Frame frame) {
        return switch (code(VoteCode.forNumber(frame.getCode()), frame)) {
            case VOTE_YES -> Vote.YES;
            case VOTE_NO -> Vote.no(frame.getDetail());
            case VOTE_READ_ONLY -> Vote.READ_ONLY;
            case VOTE_CODE_UNSPECIFIED, UNRECOGNIZED -> throw badCode(frame);
        };
    }

    private static BranchReport report(Frame frame) {
        return switch (code(ReportCode.forNumber(frame.getCode()), frame)) {
            case REPORT_DONE -> BranchReport.DONE;
            case REPORT_NOTHING_FOUND -> BranchReport.NOTHING_FOUND;
            case REPORT_FOUND_COMMITTED -> BranchReport.FOUND_COMMITTED;
            case REPORT_NOT_MINE -> BranchReport.NOT_MINE;
            case REPORT_CODE_UNSPECIFIED, UNRECOGNIZED -> throw badCode(frame);
        };
    }

    private static AnswerMode mode(Frame frame) {
        return switch (frame.getMode()) {
            case ANSWER_MODE_UNSPECIFIED, AFTER_APPLY -> AnswerMode.AFTER_APPLY;
            case AFTER_DECISION -> AnswerMode.AFTER_DECISION;
            case UNRECOGNIZED -> throw new IllegalArgumentException("mode " + frame.getModeValue() + " is not known");
        };
    }

    private static CallSums sums(Frame frame) {
        if (!frame.hasSums()) {
            return CallSums.NONE_KEPT;
        }
        within("number of branches in sums", frame.getSums().getBranchesCount(), 0, CallSums.MAX_BRANCHES);
        List<CallSums.BranchCalls> branches = new ArrayList<>(frame.getSums().getBranchesCount());
        for (dev.assent.proto.v1.BranchCalls sum : frame.getSums().getBranchesList()) {
            branches.add(new CallSums.BranchCalls(BranchId.parse(sum.getBranch()), calls(sum.getCalls())));
        }
        return new CallSums(branches, frame.getSums().getComplete());
    }

    private static AbortCause cause(Frame frame) {
        dev.assent.proto.v1.AbortCause cause = frame.getCause();
        Optional<BranchId> branch =
                cause.getBranch().isEmpty() ? Optional.empty() : Optional.of(BranchId.parse(cause.getBranch()));
        return new AbortCause(kind(cause.getKind()), branch, cause.getDetail());
    }

    /** A rollback is never refused for a cause that only a newer peer knows: locks would stay held for a word. */
    private static AbortCause.Kind kind(dev.assent.proto.v1.AbortCause.Kind kind) {
        return switch (kind) {
            case KIND_UNSPECIFIED, UNRECOGNIZED, ROLLED_BACK -> AbortCause.Kind.ROLLED_BACK;
            case TIMEOUT -> AbortCause.Kind.TIMEOUT;
            case PREPARE_TIMEOUT -> AbortCause.Kind.PREPARE_TIMEOUT;
            case VOTED_NO -> AbortCause.Kind.VOTED_NO;
            case INSTANCE_LOST -> AbortCause.Kind.INSTANCE_LOST;
            case BRANCH_MISSING -> AbortCause.Kind.BRANCH_MISSING;
            case CALL_UNACCOUNTED -> AbortCause.Kind.CALL_UNACCOUNTED;
            case CALL_FAILED -> AbortCause.Kind.CALL_FAILED;
            case LEADER_CHANGED -> AbortCause.Kind.LEADER_CHANGED;
            case NOT_KNOWN -> AbortCause.Kind.NOT_KNOWN;
        };
    }

    private static <T> T code(@Nullable T code, Frame frame) {
        if (code == null) {
            throw badCode(frame);
        }
        return code;
    }

    private static IllegalArgumentException badCode(Frame frame) {
        return new IllegalArgumentException("code " + Integer.toUnsignedString(frame.getCode()) + " is not known");
    }

    private static long within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    field + " must be " + least + " to " + most + ", not " + Long.toUnsignedString(value));
        }
        return value;
    }
}
