package dev.assent.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.proto.v1.BranchCalls;
import dev.assent.proto.v1.CallSums;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.ReportCode;
import dev.assent.proto.v1.VoteCode;
import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Vote;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.AnswerMode;
import dev.assent.protocol.message.BlockId;
import dev.assent.protocol.message.BranchReport;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InstanceFramesTest {
    private static final ClusterId CLUSTER = ClusterId.parse("bank-k3v9x2ma");
    private static final Xid XID = new Xid(CLUSTER, 1, 4, 2049);
    private static final BranchId BRANCH = BranchId.parse("ledger.a1b2c3d4e5f6.7");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final InstanceFrames frames = new InstanceFrames(CLUSTER);

    @ParameterizedTest
    @MethodSource("notices")
    void noticesAreRead(Frame.Builder frame, Notice notice) {
        assertThat(frames.read(frame.build())).isEqualTo(new Arrival.Told(1, notice));
    }

    static Stream<Arguments> notices() {
        return Stream.of(
                Arguments.of(frame(Frame.Kind.BLOCK_WANTED).setShard(1), new Notice.BlockWanted()),
                Arguments.of(
                        frame(Frame.Kind.BLOCK_RETURNED).setShard(1).setTerm(4).setSeq(9),
                        new Notice.BlockReturned(new BlockId(4, 9))),
                Arguments.of(branch(Frame.Kind.ENLIST).setMillis(1000), new Notice.Enlist(XID, BRANCH, SECOND)),
                Arguments.of(branch(Frame.Kind.ENLIST), new Notice.Enlist(XID, BRANCH, 0)),
                Arguments.of(
                        branch(Frame.Kind.VOTE).setCode(VoteCode.VOTE_YES_VALUE).setCalls(3),
                        new Notice.Voted(XID, BRANCH, Vote.YES, 3)),
                Arguments.of(
                        branch(Frame.Kind.VOTE).setCode(VoteCode.VOTE_NO_VALUE).setDetail("full"),
                        new Notice.Voted(XID, BRANCH, Vote.no("full"), 0)),
                Arguments.of(
                        branch(Frame.Kind.VOTE).setCode(VoteCode.VOTE_READ_ONLY_VALUE),
                        new Notice.Voted(XID, BRANCH, Vote.READ_ONLY, 0)),
                Arguments.of(branch(Frame.Kind.ASK), new Notice.Asked(XID, BRANCH)),
                Arguments.of(
                        branch(Frame.Kind.REPORT).setCode(ReportCode.REPORT_NOTHING_FOUND_VALUE),
                        new Notice.Reported(XID, BRANCH, BranchReport.NOTHING_FOUND)),
                Arguments.of(branch(Frame.Kind.ROW_SHOWN), new Notice.RowShown(XID, BRANCH)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestsAreRead(Frame.Builder frame, Request request) {
        assertThat(frames.read(frame.setRequest(77).build())).isEqualTo(new Arrival.Asked(1, 77, request));
    }

    static Stream<Arguments> requests() {
        CallSums sums = CallSums.newBuilder()
                .addBranches(
                        BranchCalls.newBuilder().setBranch(BRANCH.toString()).setCalls(2))
                .setComplete(true)
                .build();
        return Stream.of(
                Arguments.of(xid(Frame.Kind.BEGIN).setMillis(1000), new Request.Begin(Optional.of(XID), SECOND)),
                Arguments.of(
                        xid(Frame.Kind.COMMIT).setSums(sums).setModeValue(2),
                        new Request.Commit(
                                XID,
                                AnswerMode.AFTER_DECISION,
                                new dev.assent.protocol.CallSums(
                                        List.of(new dev.assent.protocol.CallSums.BranchCalls(BRANCH, 2)), true))),
                Arguments.of(
                        xid(Frame.Kind.COMMIT),
                        new Request.Commit(XID, AnswerMode.AFTER_APPLY, dev.assent.protocol.CallSums.NONE_KEPT)),
                Arguments.of(
                        xid(Frame.Kind.ROLLBACK),
                        new Request.Rollback(XID, AbortCause.of(AbortCause.Kind.ROLLED_BACK))),
                Arguments.of(
                        xid(Frame.Kind.ROLLBACK)
                                .setCause(dev.assent.proto.v1.AbortCause.newBuilder()
                                        .setKindValue(99)
                                        .setBranch(BRANCH.toString())
                                        .setDetail("why")),
                        new Request.Rollback(XID, AbortCause.of(AbortCause.Kind.ROLLED_BACK, BRANCH, "why"))),
                Arguments.of(xid(Frame.Kind.OUTCOME), new Request.OutcomeQuestion(XID)));
    }

    @ParameterizedTest
    @MethodSource("malformedFrames")
    void malformedFrameIsNamedAndNotThrown(Frame.Builder frame, String problem) {
        Arrival arrival = frames.read(frame.build());
        assertThat(arrival)
                .isInstanceOfSatisfying(
                        Arrival.Malformed.class,
                        malformed -> assertThat(malformed.problem())
                                .contains(problem)
                                .hasSizeLessThan(400));
    }

    static Stream<Arguments> malformedFrames() {
        CallSums.Builder tooMany = CallSums.newBuilder();
        for (int i = 0; i <= 256; i++) {
            tooMany.addBranches(BranchCalls.newBuilder()
                    .setBranch("ledger.a1b2c3d4e5f6." + i)
                    .setCalls(1));
        }
        CallSums.Builder twice = CallSums.newBuilder();
        twice.addBranches(BranchCalls.newBuilder().setBranch(BRANCH.toString()).setCalls(1));
        twice.addBranches(twice.getBranches(0));
        return Stream.of(
                Arguments.of(Frame.newBuilder(), "KIND_UNSPECIFIED: kind"),
                Arguments.of(frame(Frame.Kind.LEADING), "LEADING: kind"),
                Arguments.of(frame(Frame.Kind.BLOCK_WANTED).setShard(1024), "shard"),
                Arguments.of(frame(Frame.Kind.BLOCK_WANTED).setShard(-1), "shard"),
                Arguments.of(frame(Frame.Kind.BLOCK_RETURNED).setTerm(0), "term"),
                Arguments.of(frame(Frame.Kind.BLOCK_RETURNED).setTerm(1).setSeq(-1), "seq"),
                Arguments.of(xid(Frame.Kind.OUTCOME).setTerm(0), "term"),
                Arguments.of(xid(Frame.Kind.OUTCOME).setTerm(Long.MIN_VALUE), "term"),
                Arguments.of(xid(Frame.Kind.OUTCOME).setSeq(Xid.MAX_NUMBER + 1), "number"),
                Arguments.of(xid(Frame.Kind.ENLIST), "branch"),
                Arguments.of(xid(Frame.Kind.ENLIST).setBranch("../../etc/passwd"), "branch"),
                Arguments.of(xid(Frame.Kind.ENLIST).setBranch("x".repeat(100_000)), "branch"),
                Arguments.of(xid(Frame.Kind.ASK).setBranch("Ledger.a1b2c3d4e5f6.7"), "resource name"),
                Arguments.of(branch(Frame.Kind.VOTE), "code 0"),
                Arguments.of(branch(Frame.Kind.VOTE).setCode(99), "code 99"),
                Arguments.of(branch(Frame.Kind.VOTE).setCode(1).setCalls(-1), "calls"),
                Arguments.of(branch(Frame.Kind.REPORT).setCode(-1), "code 4294967295"),
                Arguments.of(xid(Frame.Kind.COMMIT).setModeValue(9), "mode 9"),
                Arguments.of(xid(Frame.Kind.COMMIT).setSums(tooMany), "branches"),
                Arguments.of(xid(Frame.Kind.COMMIT).setSums(twice), "branches must be sorted"),
                Arguments.of(
                        xid(Frame.Kind.ROLLBACK)
                                .setCause(dev.assent.proto.v1.AbortCause.newBuilder()
                                        .setBranch("nonsense")),
                        "branch"));
    }

    @Test
    void kindOfANewerPeerIsUnknownAndNotMalformed() {
        assertThat(frames.read(Frame.newBuilder().setKindValue(200).build())).isEqualTo(new Arrival.Unknown(200));
    }

    @Test
    void textForPeopleIsCut() {
        Arrival arrival = frames.read(branch(Frame.Kind.VOTE)
                .setCode(VoteCode.VOTE_NO_VALUE)
                .setDetail("x".repeat(1_000_000))
                .build());
        assertThat(arrival)
                .isInstanceOfSatisfying(
                        Arrival.Told.class,
                        told -> assertThat(told.notice())
                                .isInstanceOfSatisfying(
                                        Notice.Voted.class,
                                        voted -> assertThat(((Vote.No) voted.vote()).reason())
                                                .hasSize(Vote.MAX_REASON_LENGTH)));
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
