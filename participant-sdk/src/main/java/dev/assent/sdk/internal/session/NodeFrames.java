package dev.assent.sdk.internal.session;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.RefusalCode;
import dev.assent.proto.v1.Result;
import dev.assent.proto.v1.RowVerdictCode;
import dev.assent.proto.v1.VerdictCode;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the frames that nodes send; what leaves here is valid. */
final class NodeFrames {
    private static final Pattern MEMBER = Pattern.compile("([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)=(.{1,261})");

    private final ClusterId cluster;
    private final int shards;

    /**
     * @param shards how many shards the cluster has
     */
    NodeFrames(ClusterId cluster, int shards) {
        this.cluster = cluster;
        this.shards = shards;
    }

    NodeWord read(Frame frame) {
        if (frame.getKind() == Frame.Kind.UNRECOGNIZED) {
            return new NodeWord.Unknown(frame.getKindValue());
        }
        try {
            return readKnown(frame);
        } catch (IllegalArgumentException malformed) {
            return new NodeWord.Malformed(frame.getKind() + ": " + malformed.getMessage());
        }
    }

    private NodeWord readKnown(Frame frame) {
        return switch (frame.getKind()) {
            case LEADING -> new NodeWord.Leading(shard(frame), term(frame, 1));
            case LEASE -> told(frame, new Command.Lease(block(frame), nanos(frame)));
            case ENLIST_ACKNOWLEDGED -> told(frame, new Command.EnlistAcknowledged(xid(frame), branch(frame)));
            case ENLIST_REFUSED -> told(frame, new Command.EnlistRefused(xid(frame), branch(frame), refusal(frame)));
            case PREPARE -> told(frame, new Command.Prepare(xid(frame), branch(frame)));
            case COMMIT_BRANCH -> told(frame, new Command.CommitBranch(xid(frame), branch(frame)));
            case ABORT_BRANCH -> told(frame, new Command.AbortBranch(xid(frame), branch(frame)));
            case BRANCH_ANSWER -> told(frame, new Command.BranchAnswer(xid(frame), branch(frame), verdict(frame)));
            case ROW_ANSWER -> told(frame, new Command.RowAnswer(xid(frame), branch(frame), rowVerdict(frame)));
            case FORGET -> told(frame, new Command.Forget(xid(frame), branch(frame)));
            case BEGUN -> answered(frame, new Answer.Begun(xid(frame), nanos(frame)));
            case RESULT -> answered(frame, result(frame.getResult()));
            case REFUSED -> answered(frame, refused(frame));
            case MEMBERS -> members(frame);
            default -> throw new IllegalArgumentException("kind is not one that a node sends");
        };
    }

    /** What a process dials is bounded and well-formed, whatever a node says. */
    private static NodeWord members(Frame frame) {
        within("number of nodes", frame.getNodesCount(), 1, NodeWord.Members.MAX_MEMBERS);
        SortedMap<String, Address> addresses = new TreeMap<>();
        for (String text : frame.getNodesList()) {
            Matcher matcher = MEMBER.matcher(text);
            if (!matcher.matches() || addresses.put(matcher.group(1), Address.parse(matcher.group(2))) != null) {
                throw new IllegalArgumentException(
                        "nodes must be <id>=<host>:<port>, each id once, not '" + text + "'");
            }
        }
        return new NodeWord.Members(within("seq", frame.getSeq(), 0, Long.MAX_VALUE), addresses);
    }

    private NodeWord told(Frame frame, Command command) {
        return new NodeWord.Told(shard(frame), command);
    }

    private static NodeWord answered(Frame frame, Answer answer) {
        return new NodeWord.Answered(frame.getRequest(), answer);
    }

    private int shard(Frame frame) {
        return (int) within("shard", frame.getShard(), 0, shards - 1L);
    }

    private static long term(Frame frame, long least) {
        return within("term", frame.getTerm(), least, Xid.MAX_NUMBER);
    }

    private Xid xid(Frame frame) {
        return new Xid(cluster, shard(frame), frame.getTerm(), frame.getSeq());
    }

    private static BranchId branch(Frame frame) {
        return BranchId.parse(frame.getBranch());
    }

    private static BlockId block(Frame frame) {
        return new BlockId(term(frame, 1), within("seq", frame.getSeq(), 0, Xid.MAX_NUMBER / BlockId.SIZE));
    }

    private static long nanos(Frame frame) {
        return TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(frame.getMillis()));
    }

    private static Command.Refusal refusal(Frame frame) {
        return switch (code(RefusalCode.forNumber(frame.getCode()), frame)) {
            case REFUSAL_ABORTED -> Command.Refusal.ABORTED;
            case REFUSAL_CLOSED -> Command.Refusal.CLOSED;
            case REFUSAL_TOO_MANY_BRANCHES -> Command.Refusal.TOO_MANY_BRANCHES;
            case REFUSAL_NOT_YOURS -> Command.Refusal.NOT_YOURS;
            case REFUSAL_INVALID -> Command.Refusal.INVALID;
            case REFUSAL_NOT_LEADER -> Command.Refusal.NOT_LEADER;
            case REFUSAL_WRONG_SHARD -> Command.Refusal.WRONG_SHARD;
            case REFUSAL_FOREIGN -> Command.Refusal.FOREIGN;
            case REFUSAL_CODE_UNSPECIFIED, UNRECOGNIZED -> throw badCode(frame);
        };
    }

    private static Command.Verdict verdict(Frame frame) {
        return switch (code(VerdictCode.forNumber(frame.getCode()), frame)) {
            case VERDICT_COMMIT -> Command.Verdict.COMMIT;
            case VERDICT_ABORT -> Command.Verdict.ABORT;
            case VERDICT_ABANDON -> Command.Verdict.ABANDON;
            case VERDICT_PENDING -> Command.Verdict.PENDING;
            case VERDICT_EXPIRED -> Command.Verdict.EXPIRED;
            case VERDICT_FOREIGN -> Command.Verdict.FOREIGN;
            case VERDICT_INVALID -> Command.Verdict.INVALID;
            case VERDICT_NOT_LEADER -> Command.Verdict.NOT_LEADER;
            case VERDICT_WRONG_SHARD -> Command.Verdict.WRONG_SHARD;
            case VERDICT_CODE_UNSPECIFIED, UNRECOGNIZED -> throw badCode(frame);
        };
    }

    private static Command.RowVerdict rowVerdict(Frame frame) {
        return switch (code(RowVerdictCode.forNumber(frame.getCode()), frame)) {
            case ROW_LISTED -> Command.RowVerdict.LISTED;
            case ROW_ENDED -> Command.RowVerdict.ENDED;
            case ROW_PENDING -> Command.RowVerdict.PENDING;
            case ROW_ABORTED -> Command.RowVerdict.ABORTED;
            case ROW_EXPIRED -> Command.RowVerdict.EXPIRED;
            case ROW_FOREIGN -> Command.RowVerdict.FOREIGN;
            case ROW_NOT_LEADER -> Command.RowVerdict.NOT_LEADER;
            case ROW_VERDICT_CODE_UNSPECIFIED, UNRECOGNIZED -> throw badCode(frame);
        };
    }

    private static Answer result(Result result) {
        return switch (result.getOutcome()) {
            case PENDING -> new Answer.Pending();
            case COMMITTED -> new Answer.Committed(branches(result));
            case ABORTED -> new Answer.Aborted(cause(result.getCause()));
            case MIXED -> new Answer.Mixed(branches(result));
            case HAZARD -> new Answer.Hazard(branches(result));
            case EXPIRED -> new Answer.OutcomeExpired();
            case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("outcome " + result.getOutcomeValue() + " is not known");
        };
    }

    private static List<BranchId> branches(Result result) {
        within("number of branches in result", result.getBranchesCount(), 0, CallSums.MAX_BRANCHES);
        List<BranchId> branches = new ArrayList<>(result.getBranchesCount());
        result.getBranchesList().forEach(branch -> branches.add(BranchId.parse(branch)));
        return branches;
    }

    private static AbortCause cause(dev.assent.proto.v1.AbortCause cause) {
        Optional<BranchId> branch =
                cause.getBranch().isEmpty() ? Optional.empty() : Optional.of(BranchId.parse(cause.getBranch()));
        return new AbortCause(kind(cause.getKind()), branch, cause.getDetail());
    }

    /** That a transaction aborted is never unheard for a cause that only a newer node knows. */
    private static AbortCause.Kind kind(dev.assent.proto.v1.AbortCause.Kind kind) {
        return switch (kind) {
            case ROLLED_BACK -> AbortCause.Kind.ROLLED_BACK;
            case TIMEOUT -> AbortCause.Kind.TIMEOUT;
            case PREPARE_TIMEOUT -> AbortCause.Kind.PREPARE_TIMEOUT;
            case VOTED_NO -> AbortCause.Kind.VOTED_NO;
            case INSTANCE_LOST -> AbortCause.Kind.INSTANCE_LOST;
            case BRANCH_MISSING -> AbortCause.Kind.BRANCH_MISSING;
            case CALL_UNACCOUNTED -> AbortCause.Kind.CALL_UNACCOUNTED;
            case CALL_FAILED -> AbortCause.Kind.CALL_FAILED;
            case LEADER_CHANGED -> AbortCause.Kind.LEADER_CHANGED;
            case KIND_UNSPECIFIED, UNRECOGNIZED, NOT_KNOWN -> AbortCause.Kind.NOT_KNOWN;
        };
    }

    private static Answer refused(Frame frame) {
        for (Answer.Reason reason : Answer.Reason.values()) {
            if (reason.name().equals(frame.getReason())) {
                return new Answer.Refused(reason, term(frame, 0), frame.getDetail());
            }
        }
        // A newer node's reason: not served, and asking again is no cure that this side knows of.
        return new Answer.Refused(
                Answer.Reason.NOT_APPLICABLE, term(frame, 0), frame.getReason() + ": " + frame.getDetail());
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
