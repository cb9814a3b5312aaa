package dev.assent.sdk.internal.session;

import dev.assent.proto.v1.BranchCalls;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.ReportCode;
import dev.assent.proto.v1.VoteCode;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.util.concurrent.TimeUnit;

/** Writes the frames that a process sends. */
final class InstanceFrames {
    private static final long MAX_MILLIS = 0xFFFF_FFFFL;

    private InstanceFrames() {}

    static Frame notice(int shard, Notice notice) {
        if (notice instanceof Notice.BlockWanted) {
            return Frame.newBuilder()
                    .setKind(Frame.Kind.BLOCK_WANTED)
                    .setShard(shard)
                    .build();
        } else if (notice instanceof Notice.BlockReturned it) {
            return Frame.newBuilder()
                    .setKind(Frame.Kind.BLOCK_RETURNED)
                    .setShard(shard)
                    .setTerm(it.block().term())
                    .setSeq(it.block().number())
                    .build();
        } else if (notice instanceof Notice.Enlist it) {
            return frame(Frame.Kind.ENLIST, it.xid(), it.branch())
                    .setMillis(millis(it.timeoutNanos()))
                    .build();
        } else if (notice instanceof Notice.Voted it) {
            return vote(it);
        } else if (notice instanceof Notice.Asked it) {
            return frame(Frame.Kind.ASK, it.xid(), it.branch()).build();
        } else if (notice instanceof Notice.Reported it) {
            return frame(Frame.Kind.REPORT, it.xid(), it.branch())
                    .setCode(code(it.report()).getNumber())
                    .build();
        } else if (notice instanceof Notice.RowShown it) {
            return frame(Frame.Kind.ROW_SHOWN, it.xid(), it.branch()).build();
        }
        throw new AssertionError("no frame for " + notice);
    }

    /**
     * @throws IllegalArgumentException if no process asks this over a stream
     */
    static Frame request(long number, Request request) {
        if (request instanceof Request.Begin it) {
            Xid xid = it.xid().orElseThrow(() -> new IllegalArgumentException("a process begins with a leased number"));
            return frame(Frame.Kind.BEGIN, xid)
                    .setRequest(number)
                    .setMillis(millis(it.timeoutNanos()))
                    .build();
        } else if (request instanceof Request.Commit it) {
            return frame(Frame.Kind.COMMIT, it.xid())
                    .setRequest(number)
                    .setMode(mode(it.mode()))
                    .setSums(sums(it.sums()))
                    .build();
        } else if (request instanceof Request.Rollback it) {
            return frame(Frame.Kind.ROLLBACK, it.xid())
                    .setRequest(number)
                    .setCause(cause(it.cause()))
                    .build();
        } else if (request instanceof Request.OutcomeQuestion it) {
            return frame(Frame.Kind.OUTCOME, it.xid()).setRequest(number).build();
        }
        throw new IllegalArgumentException("only operators ask for " + request);
    }

    private static Frame.Builder frame(Frame.Kind kind, Xid xid) {
        return Frame.newBuilder()
                .setKind(kind)
                .setShard(xid.shard())
                .setTerm(xid.term())
                .setSeq(xid.seq());
    }

    private static Frame.Builder frame(Frame.Kind kind, Xid xid, BranchId branch) {
        return frame(kind, xid).setBranch(branch.toString());
    }

    private static Frame vote(Notice.Voted voted) {
        Frame.Builder frame =
                frame(Frame.Kind.VOTE, voted.xid(), voted.branch()).setCalls(voted.calls());
        if (voted.vote() instanceof Vote.No no) {
            return frame.setCode(VoteCode.VOTE_NO_VALUE).setDetail(no.reason()).build();
        }
        return frame.setCode(voted.vote() instanceof Vote.Yes ? VoteCode.VOTE_YES_VALUE : VoteCode.VOTE_READ_ONLY_VALUE)
                .build();
    }

    private static ReportCode code(BranchReport report) {
        return switch (report) {
            case DONE -> ReportCode.REPORT_DONE;
            case NOTHING_FOUND -> ReportCode.REPORT_NOTHING_FOUND;
            case FOUND_COMMITTED -> ReportCode.REPORT_FOUND_COMMITTED;
            case NOT_MINE -> ReportCode.REPORT_NOT_MINE;
        };
    }

    private static dev.assent.proto.v1.AnswerMode mode(AnswerMode mode) {
        return switch (mode) {
            case AFTER_APPLY -> dev.assent.proto.v1.AnswerMode.AFTER_APPLY;
            case AFTER_DECISION -> dev.assent.proto.v1.AnswerMode.AFTER_DECISION;
        };
    }

    private static dev.assent.proto.v1.CallSums sums(CallSums sums) {
        dev.assent.proto.v1.CallSums.Builder builder =
                dev.assent.proto.v1.CallSums.newBuilder().setComplete(sums.isComplete());
        for (CallSums.BranchCalls branch : sums.branches()) {
            builder.addBranches(BranchCalls.newBuilder()
                    .setBranch(branch.branch().toString())
                    .setCalls(branch.calls()));
        }
        return builder.build();
    }

    private static dev.assent.proto.v1.AbortCause cause(AbortCause cause) {
        return dev.assent.proto.v1.AbortCause.newBuilder()
                .setKind(kind(cause.kind()))
                .setBranch(cause.branch().map(BranchId::toString).orElse(""))
                .setDetail(cause.detail())
                .build();
    }

    private static dev.assent.proto.v1.AbortCause.Kind kind(AbortCause.Kind kind) {
        return switch (kind) {
            case ROLLED_BACK -> dev.assent.proto.v1.AbortCause.Kind.ROLLED_BACK;
            case TIMEOUT -> dev.assent.proto.v1.AbortCause.Kind.TIMEOUT;
            case PREPARE_TIMEOUT -> dev.assent.proto.v1.AbortCause.Kind.PREPARE_TIMEOUT;
            case VOTED_NO -> dev.assent.proto.v1.AbortCause.Kind.VOTED_NO;
            case INSTANCE_LOST -> dev.assent.proto.v1.AbortCause.Kind.INSTANCE_LOST;
            case BRANCH_MISSING -> dev.assent.proto.v1.AbortCause.Kind.BRANCH_MISSING;
            case CALL_UNACCOUNTED -> dev.assent.proto.v1.AbortCause.Kind.CALL_UNACCOUNTED;
            case CALL_FAILED -> dev.assent.proto.v1.AbortCause.Kind.CALL_FAILED;
            case LEADER_CHANGED -> dev.assent.proto.v1.AbortCause.Kind.LEADER_CHANGED;
            case NOT_KNOWN -> dev.assent.proto.v1.AbortCause.Kind.NOT_KNOWN;
        };
    }

    /** Rounded down, so that nobody believes to have more time than is left; but 0 would mean "the default". */
    private static int millis(long nanos) {
        long millis = Math.max(TimeUnit.NANOSECONDS.toMillis(nanos), nanos > 0 ? 1 : 0);
        return (int) Math.min(millis, MAX_MILLIS);
    }
}
