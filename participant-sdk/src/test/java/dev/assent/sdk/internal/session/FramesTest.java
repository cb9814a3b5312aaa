package dev.assent.sdk.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.ReportCode;
import dev.assent.proto.v1.Result;
import dev.assent.proto.v1.RowVerdictCode;
import dev.assent.proto.v1.VerdictCode;
import dev.assent.proto.v1.VoteCode;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.CallSums;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FramesTest {
    private static final ClusterId CLUSTER = ClusterId.parse("bank-k3v9x2ma");
    private static final Xid XID = new Xid(CLUSTER, 1, 4, 2049);
    private static final BranchId BRANCH = BranchId.parse("ledger.a1b2c3d4e5f6.7");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final NodeFrames frames = new NodeFrames(CLUSTER, 2);

    @Test
    void noticesAreWrittenFlat() {
        assertThat(InstanceFrames.notice(1, new Notice.BlockWanted()))
                .isEqualTo(frame(Frame.Kind.BLOCK_WANTED).setShard(1).build());
        assertThat(InstanceFrames.notice(1, new Notice.BlockReturned(new BlockId(4, 9))))
                .isEqualTo(frame(Frame.Kind.BLOCK_RETURNED)
                        .setShard(1)
                        .setTerm(4)
                        .setSeq(9)
                        .build());
        assertThat(InstanceFrames.notice(1, new Notice.Enlist(XID, BRANCH, SECOND)))
                .isEqualTo(branch(Frame.Kind.ENLIST).setMillis(1000).build());
        assertThat(InstanceFrames.notice(1, new Notice.Enlist(XID, BRANCH, 1)).getMillis())
                .isEqualTo(1);
        assertThat(InstanceFrames.notice(1, new Notice.Voted(XID, BRANCH, Vote.YES, 3)))
                .isEqualTo(branch(Frame.Kind.VOTE)
                        .setCode(VoteCode.VOTE_YES_VALUE)
                        .setCalls(3)
                        .build());
        assertThat(InstanceFrames.notice(1, new Notice.Voted(XID, BRANCH, Vote.no("full"), 0)))
                .isEqualTo(branch(Frame.Kind.VOTE)
                        .setCode(VoteCode.VOTE_NO_VALUE)
                        .setDetail("full")
                        .build());
        assertThat(InstanceFrames.notice(1, new Notice.Voted(XID, BRANCH, Vote.READ_ONLY, 0)))
                .isEqualTo(branch(Frame.Kind.VOTE)
                        .setCode(VoteCode.VOTE_READ_ONLY_VALUE)
                        .build());
        assertThat(InstanceFrames.notice(1, new Notice.Asked(XID, BRANCH)))
                .isEqualTo(branch(Frame.Kind.ASK).build());
        assertThat(InstanceFrames.notice(1, new Notice.RowShown(XID, BRANCH)))
                .isEqualTo(branch(Frame.Kind.ROW_SHOWN).build());
    }

    @ParameterizedTest
    @EnumSource
    void reportsKeepTheirNames(BranchReport report) {
        Frame frame = InstanceFrames.notice(1, new Notice.Reported(XID, BRANCH, report));
        assertThat(ReportCode.forNumber(frame.getCode())).hasToString("REPORT_" + report);
    }

    @Test
    void requestsCarryTheirNumber() {
        CallSums sums = new CallSums(List.of(new CallSums.BranchCalls(BRANCH, 2)), true);
        Frame commit = InstanceFrames.request(5, new Request.Commit(XID, AnswerMode.AFTER_DECISION, sums));
        assertThat(commit.getRequest()).isEqualTo(5);
        assertThat(commit.getMode()).hasToString("AFTER_DECISION");
        assertThat(commit.getSums().getComplete()).isTrue();
        assertThat(commit.getSums().getBranches(0).getBranch()).isEqualTo(BRANCH.toString());
        assertThat(commit.getSums().getBranches(0).getCalls()).isEqualTo(2);
        assertThat(InstanceFrames.request(6, new Request.Begin(Optional.of(XID), SECOND)))
                .isEqualTo(xid(Frame.Kind.BEGIN).setRequest(6).setMillis(1000).build());
        assertThat(InstanceFrames.request(7, new Request.OutcomeQuestion(XID)))
                .isEqualTo(xid(Frame.Kind.OUTCOME).setRequest(7).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstanceFrames.request(8, new Request.Begin(Optional.empty(), 0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InstanceFrames.request(8, new Request.Abandon(XID, BRANCH, "me", "why")));
    }

    @ParameterizedTest
    @EnumSource
    void causesKeepTheirNames(AbortCause.Kind kind) {
        AbortCause cause = AbortCause.of(kind, BRANCH, "why");
        Frame frame = InstanceFrames.request(5, new Request.Rollback(XID, cause));
        assertThat(frame.getCause().getKind()).hasToString(kind.name());
        Result result = Result.newBuilder()
                .setOutcomeValue(3)
                .setCause(frame.getCause())
                .build();
        assertThat(frames.read(frame(Frame.Kind.RESULT).setResult(result).build()))
                .isEqualTo(new NodeWord.Answered(0, new Answer.Aborted(cause)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commandsAreRead(Frame.Builder frame, Command command) {
        assertThat(frames.read(frame.build())).isEqualTo(new NodeWord.Told(1, command));
    }

    static Stream<Arguments> commands() {
        return Stream.of(
                Arguments.of(
                        frame(Frame.Kind.LEASE).setShard(1).setTerm(4).setSeq(2).setMillis(1000),
                        new Command.Lease(new BlockId(4, 2), SECOND)),
                Arguments.of(branch(Frame.Kind.ENLIST_ACKNOWLEDGED), new Command.EnlistAcknowledged(XID, BRANCH)),
                Arguments.of(
                        branch(Frame.Kind.ENLIST_REFUSED).setCode(2),
                        new Command.EnlistRefused(XID, BRANCH, Command.Refusal.CLOSED)),
                Arguments.of(branch(Frame.Kind.PREPARE), new Command.Prepare(XID, BRANCH)),
                Arguments.of(branch(Frame.Kind.COMMIT_BRANCH), new Command.CommitBranch(XID, BRANCH)),
                Arguments.of(branch(Frame.Kind.ABORT_BRANCH), new Command.AbortBranch(XID, BRANCH)),
                Arguments.of(branch(Frame.Kind.FORGET), new Command.Forget(XID, BRANCH)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"VERDICT_CODE_UNSPECIFIED", "UNRECOGNIZED"})
    void verdictsKeepTheirNames(VerdictCode code) {
        Command.Verdict verdict = Command.Verdict.valueOf(code.name().substring("VERDICT_".length()));
        assertThat(frames.read(branch(Frame.Kind.BRANCH_ANSWER)
                        .setCode(code.getNumber())
                        .build()))
                .isEqualTo(new NodeWord.Told(1, new Command.BranchAnswer(XID, BRANCH, verdict)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ROW_VERDICT_CODE_UNSPECIFIED", "UNRECOGNIZED"})
    void rowVerdictsKeepTheirNames(RowVerdictCode code) {
        Command.RowVerdict verdict = Command.RowVerdict.valueOf(code.name().substring("ROW_".length()));
        assertThat(frames.read(
                        branch(Frame.Kind.ROW_ANSWER).setCode(code.getNumber()).build()))
                .isEqualTo(new NodeWord.Told(1, new Command.RowAnswer(XID, BRANCH, verdict)));
    }

    @Test
    void answersAreRead() {
        Frame.Builder refused =
                frame(Frame.Kind.REFUSED).setRequest(5).setTerm(9).setDetail("n2");
        assertThat(frames.read(refused.setReason("NOT_LEADER").build()))
                .isEqualTo(new NodeWord.Answered(5, new Answer.Refused(Answer.Reason.NOT_LEADER, 9, "n2")));
        assertThat(frames.read(refused.setReason("NEWER").build()))
                .isEqualTo(new NodeWord.Answered(5, new Answer.Refused(Answer.Reason.NOT_APPLICABLE, 9, "NEWER: n2")));
        assertThat(frames.read(
                        xid(Frame.Kind.BEGUN).setRequest(5).setMillis(1000).build()))
                .isEqualTo(new NodeWord.Answered(5, new Answer.Begun(XID, SECOND)));
        assertThat(frames.read(frame(Frame.Kind.RESULT)
                        .setRequest(5)
                        .setResult(Result.newBuilder().setOutcomeValue(2).addBranches(BRANCH.toString()))
                        .build()))
                .isEqualTo(new NodeWord.Answered(5, new Answer.Committed(List.of(BRANCH))));
        assertThat(frames.read(frame(Frame.Kind.LEADING).setShard(1).setTerm(4).build()))
                .isEqualTo(new NodeWord.Leading(1, 4));
        assertThat(frames.read(Frame.newBuilder().setKindValue(200).build())).isEqualTo(new NodeWord.Unknown(200));
    }

    @ParameterizedTest
    @MethodSource("malformedFrames")
    void malformedFrameIsNamedAndNotThrown(Frame.Builder frame, String problem) {
        assertThat(frames.read(frame.build()))
                .isInstanceOfSatisfying(
                        NodeWord.Malformed.class,
                        malformed -> assertThat(malformed.problem()).contains(problem));
    }

    static Stream<Arguments> malformedFrames() {
        return Stream.of(
                Arguments.of(frame(Frame.Kind.VOTE), "kind"),
                Arguments.of(frame(Frame.Kind.LEADING).setShard(2).setTerm(1), "shard"),
                Arguments.of(frame(Frame.Kind.LEADING).setShard(0), "term"),
                Arguments.of(xid(Frame.Kind.PREPARE).setBranch("x"), "branch"),
                Arguments.of(branch(Frame.Kind.PREPARE).setTerm(0), "term"),
                Arguments.of(branch(Frame.Kind.BRANCH_ANSWER).setCode(77), "code 77"),
                Arguments.of(frame(Frame.Kind.RESULT), "outcome 0"));
    }

    private static Frame.Builder frame(Frame.Kind kind) {
        return Frame.newBuilder().setKind(kind);
    }

    private static Frame.Builder xid(Frame.Kind kind) {
        return frame(kind).setShard(1).setTerm(4).setSeq(2049);
    }

    private static Frame.Builder branch(Frame.Kind kind) {
        return xid(kind).setBranch(BRANCH.toString());
    }
}
