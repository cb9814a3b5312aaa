package dev.assent.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Outcome;
import dev.assent.proto.v1.RefusalCode;
import dev.assent.proto.v1.RowVerdictCode;
import dev.assent.proto.v1.VerdictCode;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.Command;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodeFramesTest {
    private static final Xid XID = new Xid(ClusterId.parse("bank-k3v9x2ma"), 1, 4, 2049);
    private static final BranchId BRANCH = BranchId.parse("ledger.a1b2c3d4e5f6.7");
    private static final Frame NAMED = Frame.newBuilder()
            .setShard(1)
            .setTerm(4)
            .setSeq(2049)
            .setBranch(BRANCH.toString())
            .build();

    @Test
    void commandsNameXidAndBranch() {
        assertThat(NodeFrames.command(1, new Command.EnlistAcknowledged(XID, BRANCH)))
                .isEqualTo(named(Frame.Kind.ENLIST_ACKNOWLEDGED));
        assertThat(NodeFrames.command(1, new Command.Prepare(XID, BRANCH))).isEqualTo(named(Frame.Kind.PREPARE));
        assertThat(NodeFrames.command(1, new Command.CommitBranch(XID, BRANCH)))
                .isEqualTo(named(Frame.Kind.COMMIT_BRANCH));
        assertThat(NodeFrames.command(1, new Command.AbortBranch(XID, BRANCH)))
                .isEqualTo(named(Frame.Kind.ABORT_BRANCH));
        assertThat(NodeFrames.command(1, new Command.Forget(XID, BRANCH))).isEqualTo(named(Frame.Kind.FORGET));
    }

    @ParameterizedTest
    @EnumSource
    void refusalsKeepTheirNames(Command.Refusal refusal) {
        Frame frame = NodeFrames.command(1, new Command.EnlistRefused(XID, BRANCH, refusal));
        assertThat(frame.getKind()).isEqualTo(Frame.Kind.ENLIST_REFUSED);
        assertThat(RefusalCode.forNumber(frame.getCode())).hasToString("REFUSAL_" + refusal);
    }

    @ParameterizedTest
    @EnumSource
    void verdictsKeepTheirNames(Command.Verdict verdict) {
        Frame frame = NodeFrames.command(1, new Command.BranchAnswer(XID, BRANCH, verdict));
        assertThat(frame.getKind()).isEqualTo(Frame.Kind.BRANCH_ANSWER);
        assertThat(VerdictCode.forNumber(frame.getCode())).hasToString("VERDICT_" + verdict);
    }

    @ParameterizedTest
    @EnumSource
    void rowVerdictsKeepTheirNames(Command.RowVerdict verdict) {
        Frame frame = NodeFrames.command(1, new Command.RowAnswer(XID, BRANCH, verdict));
        assertThat(frame.getKind()).isEqualTo(Frame.Kind.ROW_ANSWER);
        assertThat(RowVerdictCode.forNumber(frame.getCode())).hasToString("ROW_" + verdict);
    }

    @ParameterizedTest
    @EnumSource
    void causesKeepTheirNames(AbortCause.Kind kind) {
        Frame frame = NodeFrames.answer(5, new Answer.Aborted(AbortCause.of(kind, BRANCH, "why")));
        assertThat(frame.getResult().getCause().getKind()).hasToString(kind.name());
        assertThat(frame.getResult().getCause().getBranch()).isEqualTo(BRANCH.toString());
        assertThat(frame.getResult().getCause().getDetail()).isEqualTo("why");
    }

    @Test
    void answersSayWhatHappened() {
        assertThat(result(new Answer.Committed(List.of(BRANCH)))).isEqualTo(Outcome.COMMITTED);
        assertThat(result(new Answer.Aborted(AbortCause.of(AbortCause.Kind.TIMEOUT))))
                .isEqualTo(Outcome.ABORTED);
        assertThat(result(new Answer.Pending())).isEqualTo(Outcome.PENDING);
        assertThat(result(new Answer.Mixed(List.of(BRANCH)))).isEqualTo(Outcome.MIXED);
        assertThat(result(new Answer.Hazard(List.of(BRANCH)))).isEqualTo(Outcome.HAZARD);
        assertThat(result(new Answer.OutcomeExpired())).isEqualTo(Outcome.EXPIRED);
    }

    @Test
    void refusedRequestCarriesReasonAndTerm() {
        Frame frame = NodeFrames.answer(5, new Answer.Refused(Answer.Reason.NOT_LEADER, 9, "n2 leads"));
        assertThat(frame)
                .isEqualTo(Frame.newBuilder()
                        .setKind(Frame.Kind.REFUSED)
                        .setRequest(5)
                        .setReason("NOT_LEADER")
                        .setTerm(9)
                        .setDetail("n2 leads")
                        .build());
    }

    @Test
    void durationsAreRoundedDownButNeverToTheDefault() {
        assertThat(lease(Duration.ofMillis(2).plusNanos(999_999)).getMillis()).isEqualTo(2);
        assertThat(lease(Duration.ofNanos(1)).getMillis()).isEqualTo(1);
        assertThat(lease(Duration.ofDays(365)).getMillis()).isEqualTo(-1);
        assertThat(NodeFrames.answer(5, new Answer.Begun(XID, 0)).getMillis()).isZero();
    }

    private static Frame lease(Duration lease) {
        return NodeFrames.command(1, new Command.Lease(new BlockId(4, 2), lease.toNanos()));
    }

    private static Outcome result(Answer answer) {
        Frame frame = NodeFrames.answer(5, answer);
        assertThat(frame.getKind()).isEqualTo(Frame.Kind.RESULT);
        assertThat(frame.getRequest()).isEqualTo(5);
        return frame.getResult().getOutcome();
    }

    private static Frame named(Frame.Kind kind) {
        return NAMED.toBuilder().setKind(kind).build();
    }
}
