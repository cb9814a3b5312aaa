package dev.assent.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assent.coordinator.shard.Postman;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.Leadership;
import dev.assent.proto.v1.NodeMessage;
import dev.assent.proto.v1.Welcome;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.RequestId;
import dev.assent.protocol.message.Answer;
import dev.assent.protocol.message.Command;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParticipantSessionsTest {
    private static final InstanceId ME = new InstanceId("a1b2c3d4e5f6");
    private static final Xid XID = new Xid(TestNode.CLUSTER, 1, 4, 2049);
    private static final BranchId BRANCH = new BranchId(new ResourceName("ledger"), ME, 7);
    private static final Input OPENED = new Input.SessionOpened(ME, "shop-1", List.of(new ResourceName("ledger")));

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(Duration.ofMinutes(1), StreamLimits.DEFAULTS);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void helloIsWelcomedAndEveryShardIsTold() throws Exception {
        node.sessions.postman(1).announceReady(4);
        TestProcess process = connected();

        assertThat(process.welcome())
                .isEqualTo(Welcome.newBuilder()
                        .setVersion(1)
                        .setCluster("bank-k3v9x2ma")
                        .setShards(3)
                        .setNode("n1")
                        .setSessionLeaseMillis(60_000)
                        .addLeads(Leadership.newBuilder().setShard(1).setTerm(4))
                        .build());
        assertThat(node.first.inputs()).containsExactly(OPENED);
        assertThat(node.second.inputs()).containsExactly(OPENED);
        assertThat(node.sessions.connectedCount()).isEqualTo(1);
    }

    @Test
    void leaderOfTheDayIsToldToThoseWhoAreConnectedAndForgottenAgain() throws Exception {
        Postman postman = node.sessions.postman(1);
        TestProcess process = connected();
        assertThat(process.welcome().getLeadsList()).isEmpty();

        postman.announceReady(9);
        assertThat(process.next().getFramesList()).containsExactly(NodeFrames.leading(1, 9));

        postman.announceLost();
        assertThat(connected("z9y8x7w6v5u4").welcome().getLeadsList()).isEmpty();
    }

    @Test
    void nodesOfTheClusterAreToldAfterTheWelcomeAndAgainWhenTheyChange() throws Exception {
        SortedMap<NodeId, String> both = new TreeMap<>();
        both.put(new NodeId("n1"), "host-1:7101");
        both.put(new NodeId("n2"), "host-2:7101");
        node.sessions.tellMembers(5, both);
        TestProcess process = connected();
        process.welcome();
        Frame told = NodeFrames.members(5, both);
        assertThat(told.getNodesList()).containsExactly("n1=host-1:7101", "n2=host-2:7101");
        assertThat(process.next().getFramesList()).containsExactly(told);

        // An election writes the same members anew: no news for anybody.
        node.sessions.tellMembers(6, both);
        both.remove(new NodeId("n1"));
        node.sessions.tellMembers(7, both);
        assertThat(process.next().getFramesList()).containsExactly(NodeFrames.members(7, both));
    }

    @Test
    void framesOfOneMessageReachTheirShardAsOneItem() throws Exception {
        TestProcess process = connected();
        process.welcome();
        int before = node.second.items().size();

        process.say(
                enlist(),
                xid(Frame.Kind.COMMIT).setRequest(5).build(),
                Frame.newBuilder().setKindValue(250).build());

        await().untilAsserted(() -> assertThat(node.second.items()).hasSize(before + 1));
        assertThat(node.second.items().get(before))
                .containsExactly(
                        new Input.SessionHeard(ME),
                        new Input.Noticed(ME, new Notice.Enlist(XID, BRANCH, 0)),
                        new Input.Requested(
                                new RequestId(ME.incarnation(), 5),
                                new Request.Commit(
                                        XID,
                                        dev.assent.protocol.message.AnswerMode.AFTER_APPLY,
                                        dev.assent.protocol.CallSums.NONE_KEPT)));
        assertThat(node.sessions.unknownFrameCount()).isEqualTo(1);
        assertThat(node.first.inputs()).containsExactly(OPENED);
    }

    @Test
    void turnIsSentAsOneMessage() throws Exception {
        TestProcess process = connected();
        process.welcome();
        Postman postman = node.sessions.postman(1);

        postman.send(ME, new Command.Prepare(XID, BRANCH));
        postman.send(new InstanceId("nobodyishere"), new Command.Prepare(XID, BRANCH));
        postman.reply(new RequestId(ME.incarnation(), 5), new Answer.Pending());
        postman.reply(new RequestId("", 5), new Answer.Pending());
        assertThat(process.hasReceivedNothingMore()).isTrue();
        postman.flush();
        postman.flush();

        assertThat(process.next().getFramesList())
                .extracting(Frame::getKind)
                .containsExactly(Frame.Kind.PREPARE, Frame.Kind.RESULT);
        postman.announceReady(4);
        assertThat(process.next().getFramesList()).containsExactly(NodeFrames.leading(1, 4));
    }

    @Test
    void longTurnIsSplitIntoMessagesThatMayBeSent() throws Exception {
        TestProcess process = connected();
        process.welcome();
        Postman postman = node.sessions.postman(1);
        int count = 120_000;
        for (int i = 0; i < count; i++) {
            postman.send(ME, new Command.Prepare(XID, BRANCH));
        }
        postman.flush();

        int received = 0;
        List<Integer> sizes = new ArrayList<>();
        while (received < count) {
            NodeMessage message = process.next();
            sizes.add(message.getSerializedSize());
            received += message.getFramesCount();
        }
        assertThat(received).isEqualTo(count);
        assertThat(sizes).hasSizeGreaterThan(1).allMatch(size -> size <= TestNode.MAX_MESSAGE_BYTES);
    }

    @Test
    void goodbyeIsForGoodAndABreakIsNot() throws Exception {
        TestProcess leaving = connected();
        leaving.welcome();
        leaving.say(InstanceMessage.newBuilder().addFrames(enlist()).setGoodbye(true));
        assertThat(leaving.ended()).isEqualTo(Status.OK);
        assertThat(node.first.inputs()).containsExactly(OPENED, new Input.SessionClosed(ME, true));
        assertThat(node.second.inputs())
                .containsExactly(
                        OPENED,
                        new Input.Noticed(ME, new Notice.Enlist(XID, BRANCH, 0)),
                        new Input.SessionClosed(ME, true));

        TestProcess broken = connected();
        broken.welcome();
        broken.hangUp();
        await().untilAsserted(
                        () -> assertThat(node.first.inputs()).endsWith(OPENED, new Input.SessionClosed(ME, false)));
        assertThat(node.sessions.connectedCount()).isZero();
    }

    @Test
    void secondStreamReplacesTheFirstWithoutClosingTheSession() throws Exception {
        TestProcess first = connected();
        first.welcome();
        TestProcess second = connected();
        second.welcome();

        assertThat(first.ended().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(first.reason()).isEqualTo("REPLACED");
        node.sessions.postman(0).announceReady(3);
        assertThat(second.next().getFramesList()).containsExactly(NodeFrames.leading(0, 3));
        assertThat(node.first.inputs()).containsExactly(OPENED, OPENED);
    }

    @Test
    void shardThatTheNodeDoesNotHaveIsRefusedWhereAReplyExists() throws Exception {
        TestProcess process = connected();
        process.welcome();
        Frame.Builder elsewhere = xid(Frame.Kind.OUTCOME).setRequest(5).setShard(2);
        Frame.Builder nowhere = elsewhere.clone().setRequest(6).setShard(1000);
        process.say(
                elsewhere.build(),
                nowhere.build(),
                Frame.newBuilder(enlist()).setShard(1000).build(),
                Frame.newBuilder(enlist())
                        .setShard(1000)
                        .setKind(Frame.Kind.ROW_SHOWN)
                        .build());

        List<Frame> replies = process.next().getFramesList();
        assertThat(replies)
                .extracting(Frame::getKind)
                .containsExactly(Frame.Kind.REFUSED, Frame.Kind.REFUSED, Frame.Kind.ENLIST_REFUSED);
        assertThat(replies.get(0).getReason()).isEqualTo("NOT_LEADER");
        assertThat(replies.get(1).getReason()).isEqualTo("WRONG_SHARD");
        assertThat(replies.get(2).getCode()).isEqualTo(dev.assent.proto.v1.RefusalCode.REFUSAL_WRONG_SHARD_VALUE);
    }

    @Test
    void unbornNodeIsUnavailableUntilItsSessionsAreThere() throws Exception {
        BirthGate gate = new BirthGate();
        Server server = TestNode.serve(gate);
        ManagedChannel channel = TestNode.channelTo(server);
        try {
            TestProcess early = TestProcess.connect(channel).say(TestProcess.hello(ME.incarnation()));
            assertThat(early.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(early.reason()).isEqualTo("NOT_BORN");

            gate.open(node.sessions);
            TestProcess late = TestProcess.connect(channel).say(TestProcess.hello(ME.incarnation()));
            assertThat(late.welcome().getNode()).isEqualTo("n1");
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    private TestProcess connected() {
        return connected(ME.incarnation());
    }

    private TestProcess connected(String instance) {
        return TestProcess.connect(node.channel).say(TestProcess.hello(instance));
    }

    private static Frame enlist() {
        return xid(Frame.Kind.ENLIST).setBranch(BRANCH.toString()).build();
    }

    private static Frame.Builder xid(Frame.Kind kind) {
        return Frame.newBuilder().setKind(kind).setShard(1).setTerm(4).setSeq(2049);
    }
}
