package dev.assent.coordinator.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Outcome;
import dev.assent.proto.v1.RefusalCode;
import dev.assent.proto.v1.Result;
import dev.assent.proto.v1.RowVerdictCode;
import dev.assent.proto.v1.VerdictCode;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;

/** Writes the frames that a node sends. */
final class NodeFrames {
    private static final long MAX_MILLIS = 0xFFFF_FFFFL;

    private NodeFrames() {}

    /** @param version of two lists the one with the greater version is the newer one */
    static Frame members(long version, SortedMap<NodeId, String> addresses) {
        Frame.Builder frame = Frame.newBuilder().setKind(Frame.Kind.MEMBERS).setSeq(version);
        addresses.forEach((node, address) -> frame.addNodes(node + "=" + address));
        return frame.build();
    }

    /** This node leads the shard in this term and is ready. */
    static Frame leading(int shard, long term) {
        return Frame.newBuilder()
                .setKind(Frame.Kind.LEADING)
                .setShard(shard)
                .setTerm(term)
                .build();
    }

    /**
     * @param shard of the loop that sends it
     */
    static Frame command(int shard, Command command) {
        if (command instanceof Command.Lease lease) {
            return Frame.newBuilder()
                    .setKind(Frame.Kind.LEASE)
                    .setShard(shard)
                    .setTerm(lease.block().term())
                    .setSeq(lease.block().number())
                    .setMillis(millis(lease.leaseNanos()))
                    .build();
        } else if (command instanceof Command.EnlistAcknowledged it) {
            return frame(Frame.Kind.ENLIST_ACKNOWLEDGED, it.xid(), it.branch()).build();
        } else if (command instanceof Command.EnlistRefused it) {
            return frame(Frame.Kind.ENLIST_REFUSED, it.xid(), it.branch())
                    .setCode(code(it.refusal()).getNumber())
                    .build();
        } else if (command instanceof Command.Prepare it) {
            return frame(Frame.Kind.PREPARE, it.xid(), it.branch()).build();
        } else if (command instanceof Command.CommitBranch it) {
            return frame(Frame.Kind.COMMIT_BRANCH, it.xid(), it.branch()).build();
        } else if (command instanceof Command.AbortBranch it) {
            return frame(Frame.Kind.ABORT_BRANCH, it.xid(), it.branch()).build();
        } else if (command instanceof Command.BranchAnswer it) {
            return frame(Frame.Kind.BRANCH_ANSWER, it.xid(), it.branch())
                    .setCode(code(it.verdict()).getNumber())
                    .build();
        } else if (command instanceof Command.RowAnswer it) {
            return frame(Frame.Kind.ROW_ANSWER, it.xid(), it.branch())
                    .setCode(code(it.verdict()).getNumber())
                    .build();
        } else if (command instanceof Command.Forget it) {
            return frame(Frame.Kind.FORGET, it.xid(), it.branch()).build();
        }
        throw new AssertionError("no frame for " + command);
    }

    /**
     * @param number of the request that is answered
     */
    static Frame answer(long number, Answer answer) {
        if (answer instanceof Answer.Begun begun) {
            return Frame.newBuilder()
                    .setKind(Frame.Kind.BEGUN)
                    .setRequest(number)
                    .setShard(begun.xid().shard())
                    .setTerm(begun.xid().term())
                    .setSeq(begun.xid().seq())
                    .setMillis(millis(begun.timeoutNanos()))
                    .build();
        } else if (answer instanceof Answer.Refused refused) {
            return Frame.newBuilder()
                    .setKind(Frame.Kind.REFUSED)
                    .setRequest(number)
                    .setReason(refused.reason().name())
                    .setTerm(refused.leaderTerm())
                    .setDetail(StreamRefusal.cut(refused.detail()))
                    .build();
        }
        return Frame.newBuilder()
                .setKind(Frame.Kind.RESULT)
                .setRequest(number)
                .setResult(result(answer))
                .build();
    }

    private static Frame.Builder frame(Frame.Kind kind, Xid xid, BranchId branch) {
        return Frame.newBuilder()
                .setKind(kind)
                .setShard(xid.shard())
                .setTerm(xid.term())
                .setSeq(xid.seq())
                .setBranch(branch.toString());
    }

    private static Result result(Answer answer) {
        if (answer instanceof Answer.Committed committed) {
            return result(Outcome.COMMITTED, committed.unacknowledged());
        } else if (answer instanceof Answer.Aborted aborted) {
            return Result.newBuilder()
                    .setOutcome(Outcome.ABORTED)
                    .setCause(cause(aborted.cause()))
                    .build();
        } else if (answer instanceof Answer.Pending) {
            return result(Outcome.PENDING, List.of());
        } else if (answer instanceof Answer.Mixed mixed) {
            return result(Outcome.MIXED, mixed.branches());
        } else if (answer instanceof Answer.Hazard hazard) {
            return result(Outcome.HAZARD, hazard.branches());
        } else if (answer instanceof Answer.OutcomeExpired) {
            return result(Outcome.EXPIRED, List.of());
        }
        throw new AssertionError("no request of a stream is answered by " + answer);
    }

    private static Result result(Outcome outcome, List<BranchId> branches) {
        Result.Builder result = Result.newBuilder().setOutcome(outcome);
        branches.forEach(branch -> result.addBranches(branch.toString()));
        return result.build();
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

    private static RefusalCode code(Command.Refusal refusal) {
        return switch (refusal) {
            case ABORTED -> RefusalCode.REFUSAL_ABORTED;
            case CLOSED -> RefusalCode.REFUSAL_CLOSED;
            case TOO_MANY_BRANCHES -> RefusalCode.REFUSAL_TOO_MANY_BRANCHES;
            case NOT_YOURS -> RefusalCode.REFUSAL_NOT_YOURS;
            case INVALID -> RefusalCode.REFUSAL_INVALID;
            case NOT_LEADER -> RefusalCode.REFUSAL_NOT_LEADER;
            case WRONG_SHARD -> RefusalCode.REFUSAL_WRONG_SHARD;
            case FOREIGN -> RefusalCode.REFUSAL_FOREIGN;
        };
    }

    private static VerdictCode code(Command.Verdict verdict) {
        return switch (verdict) {
            case COMMIT -> VerdictCode.VERDICT_COMMIT;
            case ABORT -> VerdictCode.VERDICT_ABORT;
            case ABANDON -> VerdictCode.VERDICT_ABANDON;
            case PENDING -> VerdictCode.VERDICT_PENDING;
            case EXPIRED -> VerdictCode.VERDICT_EXPIRED;
            case FOREIGN -> VerdictCode.VERDICT_FOREIGN;
            case INVALID -> VerdictCode.VERDICT_INVALID;
            case NOT_LEADER -> VerdictCode.VERDICT_NOT_LEADER;
            case WRONG_SHARD -> VerdictCode.VERDICT_WRONG_SHARD;
        };
    }

    private static RowVerdictCode code(Command.RowVerdict verdict) {
        return switch (verdict) {
            case LISTED -> RowVerdictCode.ROW_LISTED;
            case ENDED -> RowVerdictCode.ROW_ENDED;
            case PENDING -> RowVerdictCode.ROW_PENDING;
            case ABORTED -> RowVerdictCode.ROW_ABORTED;
            case EXPIRED -> RowVerdictCode.ROW_EXPIRED;
            case FOREIGN -> RowVerdictCode.ROW_FOREIGN;
            case NOT_LEADER -> RowVerdictCode.ROW_NOT_LEADER;
        };
    }

    /** Rounded down, so that nobody believes to have more time than is left; but 0 would mean "the default". */
    private static int millis(long nanos) {
        long millis = Math.max(TimeUnit.NANOSECONDS.toMillis(nanos), nanos > 0 ? 1 : 0);
        return (int) Math.min(millis, MAX_MILLIS);
    }
}
