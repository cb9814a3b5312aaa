package dev.assent.sdk.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Hello;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.proto.v1.Leadership;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.ResourceName;
import dev.assent.protocol.Xid;
import dev.assent.protocol.message.Notice;
import dev.assent.protocol.message.Request;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final ClusterId CLUSTER = ClusterId.parse("bank-k3v9x2ma");
    private static final InstanceId ME = new InstanceId("a1b2c3d4e5f6");
    private static final Xid XID = new Xid(CLUSTER, 1, 4, 2049);
    private static final BranchId BRANCH = new BranchId(new ResourceName("ledger"), ME, 7);
    private static final Notice ASKED = new Notice.Asked(XID, BRANCH);

    private final RecordingListener listener = new RecordingListener();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        assertThat(listener.threads()).as("threads that told the listener").hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void helloSaysWhoConnectsAndTheFirstWelcomeNamesTheCluster() throws Exception {
        FakeNode node = node();
        Sessions sessions = sessions(node.address());
        FakeNode.Stream stream = node.accept();

        assertThat(stream.next())
                .isEqualTo(InstanceMessage.newBuilder()
                        .setHello(Hello.newBuilder()
                                .setOldestVersion(1)
                                .setNewestVersion(1)
                                .setInstance(ME.incarnation())
                                .setName("shop-1")
                                .addResources("ledger")
                                .setSoftware("assent-java test"))
                        .build());
        assertThat(sessions.isConnected()).isFalse();
        stream.say(FakeNode.Stream.welcome("n1", leads(1, 4)));

        assertThat(sessions.awaitCluster(Duration.ofSeconds(10))).isEqualTo(CLUSTER);
        assertThat(listener.next()).isEqualTo("cluster bank-k3v9x2ma of 2");
        assertThat(listener.next()).isEqualTo("leader of 1 in 4");
        assertThat(sessions.isConnected()).isTrue();
        assertThat(sessions.status()).containsEntry(node.address(), "connected to node n1");
        assertThat(sessions.whyUnreachable(1)).isEmpty();
        assertThat(sessions.whyUnreachable(0)).startsWith("no leader of shard 0 known; 127.0.0.1:");
    }

    @Test
    void wordsOfTheNodeReachTheListenerInOrder() throws Exception {
        FakeNode.Stream stream = connected(node());
        stream.say(branch(Frame.Kind.PREPARE));
        stream.say(Frame.newBuilder().setKindValue(250));
        stream.say(Frame.newBuilder().setKind(Frame.Kind.REFUSED).setRequest(9).setReason("NOT_LEADER"));
        assertThat(listener.next()).isEqualTo("told by 1 Prepare");
        assertThat(listener.next()).isEqualTo("answered 9 Refused");
    }

    @Test
    void whatIsAddedWhileAFlushIsPendingSharesItsMessage() throws Exception {
        FakeNode node = node();
        CountDownLatch isFull = new CountDownLatch(1);
        CountDownLatch isReady = new CountDownLatch(1);
        SessionListener slow = new StuckListener(isReady, isFull);
        Sessions sessions = Sessions.open(List.of(node.address()), identity(Optional.empty()), FakeNode.QUICK, slow);
        open.add(0, sessions);
        FakeNode.Stream stream = node.accept();
        stream.next();
        stream.say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        isReady.await();

        for (int i = 0; i < 100; i++) {
            sessions.tell(1, ASKED);
        }
        sessions.ask(1, 77, new Request.OutcomeQuestion(XID));
        isFull.countDown();

        List<Frame> frames = stream.next().getFramesList();
        assertThat(frames).hasSize(101);
        assertThat(frames.get(0)).isEqualTo(branch(Frame.Kind.ASK).build());
        assertThat(frames.get(100).getRequest()).isEqualTo(77);
    }

    @Test
    void wordsGoToTheLeaderOfTheHighestTerm() throws Exception {
        FakeNode first = node();
        FakeNode second = node();
        Sessions sessions = sessions(first.address(), second.address());
        FakeNode.Stream old = first.accept();
        old.next();
        old.say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        FakeNode.Stream young = second.accept();
        young.next();
        young.say(FakeNode.Stream.welcome("n2"));
        assertThat(listener.next()).startsWith("cluster");
        assertThat(listener.next()).isEqualTo("leader of 1 in 4");

        young.say(leading(1, 6));
        assertThat(listener.next()).isEqualTo("leader of 1 in 6");
        // A deposed leader that does not know it yet.
        old.say(leading(1, 5)).say(branch(Frame.Kind.PREPARE));
        assertThat(listener.next()).isEqualTo("told by 1 Prepare");

        sessions.tell(1, ASKED);
        assertThat(young.next().getFramesList())
                .containsExactly(branch(Frame.Kind.ASK).build());
        sessions.tell(0, ASKED);
        assertThat(old.hasReceivedNothingMore()).isTrue();
    }

    @Test
    void brokenStreamForgetsItsLeaderUntilItIsOpenedAgain() throws Exception {
        FakeNode node = node();
        Sessions sessions = sessions(node.address());
        FakeNode.Stream stream = node.accept();
        stream.say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        assertThat(listener.next()).startsWith("cluster");
        assertThat(listener.next()).isEqualTo("leader of 1 in 4");

        stream.end(Status.Code.UNAVAILABLE, "STOPPING", "this node stops");
        FakeNode.Stream again = node.accept();
        assertThat(again.next().getHello().getCluster()).isEqualTo("bank-k3v9x2ma");
        assertThat(sessions.isConnected()).isFalse();
        assertThat(sessions.whyUnreachable(1)).contains("lost: STOPPING: this node stops");
        sessions.tell(1, ASKED);

        again.say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        assertThat(listener.next()).isEqualTo("leader of 1 in 4");
        sessions.tell(1, new Notice.BlockWanted());
        assertThat(again.next().getFramesList()).extracting(Frame::getKind).containsExactly(Frame.Kind.BLOCK_WANTED);
    }

    @Test
    void nodeThatComesBackIsDialledAgain() throws Exception {
        FakeNode node = new FakeNode();
        int port = node.port();
        Sessions sessions = sessions(node.address());
        node.accept().say(FakeNode.Stream.welcome("n1"));
        await().until(sessions::isConnected);
        node.close();
        await().until(() -> !sessions.isConnected());

        FakeNode back = new FakeNode(port, true);
        open.add(back);
        back.accept().say(FakeNode.Stream.welcome("n1", leads(0, 9)));
        await().until(sessions::isConnected);
        assertThat(listener.next()).startsWith("cluster");
        assertThat(listener.next()).isEqualTo("leader of 0 in 9");
    }

    @Test
    void nodeOfAnotherClusterIsRefusedAndReportedOnce() throws Exception {
        FakeNode own = node();
        FakeNode foreign = node();
        Sessions sessions = sessions(own.address(), foreign.address());
        own.accept().say(FakeNode.Stream.welcome("n1"));
        assertThat(listener.next()).startsWith("cluster bank-k3v9x2ma");

        FakeNode.Stream stream = foreign.accept();
        stream.say(FakeNode.Stream.welcome("n9", leads(1, 99)).setCluster("bank-00000000"));
        assertThat(listener.next())
                .startsWith("refused FOREIGN " + foreign.address())
                .contains("bank-00000000");
        await().until(stream::isCancelled);

        foreign.accept().end(Status.Code.FAILED_PRECONDITION, "FOREIGN", "not mine");
        foreign.accept().end(Status.Code.FAILED_PRECONDITION, "FOREIGN", "not mine");
        assertThat(listener.hasHeardNothingMore()).isTrue();
        await().untilAsserted(() ->
                assertThat(sessions.status().get(foreign.address())).isEqualTo("refused: FOREIGN: not mine"));
        assertThat(sessions.isConnected()).isTrue();
    }

    @Test
    void nodeThatBreaksTheContractIsLeft() throws Exception {
        FakeNode node = node();
        Sessions sessions = sessions(node.address());
        FakeNode.Stream unwelcoming = node.accept().say(branch(Frame.Kind.PREPARE));
        await().until(unwelcoming::isCancelled);
        FakeNode.Stream newer = node.accept().say(FakeNode.Stream.welcome("n1").setVersion(2));
        await().until(newer::isCancelled);
        FakeNode.Stream shardless =
                node.accept().say(FakeNode.Stream.welcome("n1").setShards(0));
        await().until(shardless::isCancelled);
        FakeNode.Stream twice = node.accept().say(FakeNode.Stream.welcome("n1")).say(FakeNode.Stream.welcome("n1"));
        await().until(twice::isCancelled);
        FakeNode.Stream malformed =
                node.accept().say(FakeNode.Stream.welcome("n1")).say(leading(7, 1));
        await().until(malformed::isCancelled);
        await().untilAsserted(() ->
                assertThat(sessions.status().get(node.address())).contains("LEADING: shard must be 0 to 1, not 7"));
    }

    @Test
    void processThatHasNothingToSaySaysSoWithinAThirdOfTheLease() throws Exception {
        FakeNode node = node();
        sessions(node.address());
        FakeNode.Stream stream = node.accept();
        stream.next();
        stream.say(FakeNode.Stream.welcome("n1").setSessionLeaseMillis(600));
        long began = System.nanoTime();
        assertThat(stream.next()).isEqualTo(InstanceMessage.getDefaultInstance());
        assertThat(stream.next()).isEqualTo(InstanceMessage.getDefaultInstance());
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(150));
    }

    @Test
    void nodeThatNeverReadsIsLeftBeforeMemoryIsFull() throws Exception {
        FakeNode node = new FakeNode(0, false);
        open.add(node);
        Sessions sessions = sessions(node.address());
        FakeNode.Stream stream = node.accept();
        stream.next();
        stream.say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        await().until(() -> sessions.whyUnreachable(1).isEmpty());
        await().until(() -> {
            for (int i = 0; i < 1000; i++) {
                sessions.tell(1, ASKED);
            }
            return stream.isCancelled();
        });
        await().untilAsserted(
                        () -> assertThat(sessions.status().get(node.address())).contains("OVERFULL"));
    }

    @Test
    void twoAddressesOfOneNodeShareOneStream() throws Exception {
        FakeNode node = node();
        Sessions sessions = sessions(node.address(), "localhost:" + node.port());
        FakeNode.Stream one = node.accept().say(FakeNode.Stream.welcome("n1"));
        FakeNode.Stream two = node.accept().say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        await().until(() -> sessions.status().values().stream().allMatch("connected to node n1"::equals));
        one.end(Status.Code.ABORTED, "REPLACED", "another stream");
        await().until(() -> sessions.status().containsValue("leads to node n1 too"));
        assertThat(node.hasNoFurtherStream()).isTrue();

        two.end(Status.Code.UNAVAILABLE, "STOPPING", "this node stops");
        node.accept().say(FakeNode.Stream.welcome("n1"));
        await().until(sessions::isConnected);
    }

    @Test
    void closingSendsWhatWaitsAndSaysGoodbye() throws Exception {
        FakeNode node = node();
        Sessions sessions = sessions(node.address());
        FakeNode.Stream stream = node.accept();
        stream.next();
        stream.say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        await().until(() -> sessions.whyUnreachable(1).isEmpty());

        sessions.tell(1, ASKED);
        sessions.close();
        assertThat(stream.next().getFramesList())
                .containsExactly(branch(Frame.Kind.ASK).build());
        assertThat(stream.next())
                .isEqualTo(InstanceMessage.newBuilder().setGoodbye(true).build());
        assertThat(sessions.isConnected()).isFalse();
        sessions.tell(1, ASKED);
        sessions.close();
        assertThat(node.hasNoFurtherStream()).isTrue();
    }

    @Test
    void waitingForAClusterThatCannotBeReachedSaysWhyForEachAddress() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        FakeNode unborn = node();
        Sessions sessions = sessions("127.0.0.1:" + closedPort, unborn.address());
        unborn.accept().end(Status.Code.UNAVAILABLE, "NOT_BORN", "this node serves no cluster yet");
        await().until(() -> sessions.status().values().stream().allMatch(status -> status.startsWith("failed")));

        assertThatThrownBy(() -> sessions.awaitCluster(Duration.ofMillis(50)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no node welcomed this process within 50 ms")
                .hasMessageContaining("127.0.0.1:" + closedPort + " failed: UNAVAILABLE")
                .hasMessageContaining("Connection refused")
                .hasMessageContaining(unborn.address() + " failed: NOT_BORN: this node serves no cluster yet");
    }

    @Test
    void addressesAreChecked() {
        for (String bad : List.of("", "localhost", "localhost:0", "localhost:65536", "a b:1", "http://x:1", ":1")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> sessions(bad));
        }
        assertThat(Address.parse("[::1]:7101")).hasToString("[::1]:7101");
        assertThat(Address.parse("node-1.example:7101")).isEqualTo(new Address("node-1.example", 7101));
    }

    private FakeNode node() throws Exception {
        FakeNode node = new FakeNode();
        open.add(node);
        return node;
    }

    private Sessions sessions(String... addresses) {
        Sessions sessions = Sessions.open(List.of(addresses), identity(Optional.empty()), FakeNode.QUICK, listener);
        open.add(0, sessions);
        return sessions;
    }

    private FakeNode.Stream connected(FakeNode node) throws InterruptedException {
        sessions(node.address());
        FakeNode.Stream stream = node.accept().say(FakeNode.Stream.welcome("n1", leads(1, 4)));
        assertThat(listener.next()).startsWith("cluster");
        assertThat(listener.next()).isEqualTo("leader of 1 in 4");
        return stream;
    }

    private static SessionIdentity identity(Optional<ClusterId> cluster) {
        return new SessionIdentity(ME, "shop-1", List.of(new ResourceName("ledger")), cluster, "assent-java test");
    }

    private static Leadership leads(int shard, long term) {
        return Leadership.newBuilder().setShard(shard).setTerm(term).build();
    }

    private static Frame.Builder leading(int shard, long term) {
        return Frame.newBuilder().setKind(Frame.Kind.LEADING).setShard(shard).setTerm(term);
    }

    private static Frame.Builder branch(Frame.Kind kind) {
        return Frame.newBuilder()
                .setKind(kind)
                .setShard(1)
                .setTerm(4)
                .setSeq(2049)
                .setBranch(BRANCH.toString());
    }
}
