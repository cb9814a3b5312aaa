package dev.assent.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assent.coordinator.shard.Postman;
import dev.assent.proto.v1.Frame;
import dev.assent.proto.v1.Hello;
import dev.assent.proto.v1.InstanceMessage;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.InstanceId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.message.Command;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostileProcessTest {
    private static final String ME = "a1b2c3d4e5f6";
    private static final int SMALL_LIMIT_BYTES = 256 << 10;

    private TestNode node;

    @BeforeEach
    void start() throws Exception {
        node = new TestNode(
                Duration.ofMinutes(1), new StreamLimits(SMALL_LIMIT_BYTES, SMALL_LIMIT_BYTES, Duration.ofMillis(50)));
    }

    @AfterEach
    void nodeServesTheNextOneAndStops() throws Exception {
        TestProcess honest = TestProcess.connect(node.channel).say(TestProcess.hello("honest000000"));
        assertThat(honest.welcome().getNode()).isEqualTo("n1");
        node.close();
    }

    @ParameterizedTest
    @MethodSource("badHellos")
    void badHelloIsRefusedWithAReason(Hello.Builder hello, Status.Code code, String reason, String text)
            throws Exception {
        TestProcess process = TestProcess.connect(node.channel).say(hello);
        assertThat(process.ended().getCode()).isEqualTo(code);
        assertThat(process.reason()).isEqualTo(reason);
        assertThat(process.ended().getDescription()).contains(text);
        assertThat(node.first.items()).isEmpty();
    }

    static Stream<Arguments> badHellos() {
        Hello.Builder manyResources = TestProcess.hello(ME);
        IntStream.range(0, 64).forEach(i -> manyResources.addResources("r" + i));
        Status.Code invalid = Status.Code.INVALID_ARGUMENT;
        Status.Code precondition = Status.Code.FAILED_PRECONDITION;
        return Stream.of(
                Arguments.of(
                        TestProcess.hello(ME).setOldestVersion(2),
                        precondition,
                        "UNSUPPORTED_VERSION",
                        "2 to 3, this node 1 to 1"),
                Arguments.of(TestProcess.hello(ME).setOldestVersion(0), invalid, "INVALID", "oldest_version"),
                Arguments.of(TestProcess.hello(ME).setNewestVersion(-1), invalid, "INVALID", "newest_version"),
                Arguments.of(
                        TestProcess.hello(ME).setCluster("bank-00000000"), precondition, "FOREIGN", "bank-k3v9x2ma"),
                Arguments.of(TestProcess.hello(ME).setCluster("bank"), invalid, "INVALID", "cluster"),
                Arguments.of(TestProcess.hello("short"), invalid, "INVALID", "instance"),
                Arguments.of(TestProcess.hello(ME).setName("Shop 1"), invalid, "INVALID", "name"),
                Arguments.of(TestProcess.hello(ME).setName("x".repeat(65)), invalid, "INVALID", "name"),
                Arguments.of(TestProcess.hello(ME).addResources("no_such"), invalid, "INVALID", "resource"),
                Arguments.of(manyResources, invalid, "INVALID", "resources"));
    }

    @Test
    void frameBeforeHelloIsRefused() throws Exception {
        TestProcess process = TestProcess.connect(node.channel).say(wanted(0));
        assertInvalid(process, "hello");
        assertThat(node.first.items()).isEmpty();
    }

    @Test
    void secondHelloIsRefused() throws Exception {
        TestProcess process = connected().say(TestProcess.hello(ME));
        assertInvalid(process, "hello");
        await().untilAsserted(() ->
                assertThat(node.first.inputs()).endsWith(new Input.SessionClosed(new InstanceId(ME), false)));
    }

    @Test
    void malformedFrameEndsTheStreamAndNothingOfItsMessageArrives() throws Exception {
        TestProcess process = connected();
        Frame bad = Frame.newBuilder()
                .setKind(Frame.Kind.ENLIST)
                .setTerm(1)
                .setBranch("not a branch")
                .build();
        process.say(wanted(0), bad);
        assertInvalid(process, "frame 1, ENLIST: branch");
        assertThat(node.first.inputs()).noneMatch(Input.Noticed.class::isInstance);
    }

    @Test
    void oversizeMessageEndsTheStream() throws Exception {
        TestProcess process = connected();
        process.say(InstanceMessage.newBuilder()
                .addFrames(Frame.newBuilder().setDetail("x".repeat(TestNode.MAX_MESSAGE_BYTES))));
        assertThat(process.ended().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        await().untilAsserted(() -> assertThat(node.sessions.connectedCount()).isZero());
    }

    @Test
    void processThatNeverReadsIsCutOff() throws Exception {
        TestProcess process = TestProcess.connectDeaf(node.channel).say(TestProcess.hello(ME));
        await().until(() -> node.sessions.connectedCount() == 1);
        Postman postman = node.sessions.postman(0);
        Xid xid = new Xid(TestNode.CLUSTER, 0, 4, 1);
        BranchId branch = BranchId.parse("ledger.a1b2c3d4e5f6.7");
        AtomicInteger flushes = new AtomicInteger();

        await().until(() -> {
            for (int i = 0; i < 1000; i++) {
                postman.send(new InstanceId(ME), new Command.Prepare(xid, branch));
            }
            postman.flush();
            flushes.incrementAndGet();
            return node.sessions.connectedCount() == 0;
        });

        assertThat(flushes.get()).isGreaterThan(SMALL_LIMIT_BYTES / 50_000);
        assertThat(node.first.inputs()).endsWith(new Input.SessionClosed(new InstanceId(ME), false));
        process.hangUp();
    }

    @Test
    void processThatSendsFasterThanAShardWorksIsNotRead() throws Exception {
        TestProcess process = connected();
        node.first.stick();
        int before = node.first.items().size();
        InstanceMessage.Builder big = InstanceMessage.newBuilder();
        for (int i = 0; i < 1000; i++) {
            big.addFrames(wanted(0));
        }
        int sent = 0;
        while (process.canSend() && sent < 2000) {
            process.say(big.clone());
            sent++;
        }
        int most = SMALL_LIMIT_BYTES / (1000 * 64) + 2;
        assertThat(sent).isGreaterThan(most);
        await().untilAsserted(() -> assertThat(node.first.items().size()).isGreaterThan(before + 2));
        assertThat(node.first.items().size()).isLessThanOrEqualTo(before + most);

        int all = before + sent;
        node.first.workOff();
        await().untilAsserted(() -> assertThat(node.first.items()).hasSize(all));
    }

    @Test
    void silentStreamsAreEndedAfterTheLease() throws Exception {
        try (TestNode strict = new TestNode(Duration.ofMillis(300), StreamLimits.DEFAULTS)) {
            TestProcess mute = TestProcess.connect(strict.channel);
            TestProcess silent = TestProcess.connect(strict.channel).say(TestProcess.hello(ME));
            silent.welcome();
            assertThat(mute.reason()).isEqualTo("NO_HELLO");
            assertThat(silent.reason()).isEqualTo("SILENT");
            assertThat(silent.ended().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(strict.second.inputs()).endsWith(new Input.SessionClosed(new InstanceId(ME), false));
        }
    }

    @Test
    void processThatTalksToOneShardIsHeardByAll() throws Exception {
        try (TestNode strict = new TestNode(Duration.ofMillis(600), StreamLimits.DEFAULTS)) {
            TestProcess process = TestProcess.connect(strict.channel).say(TestProcess.hello(ME));
            process.welcome();
            await().until(() -> {
                process.say(wanted(0));
                return strict.second.items().stream()
                        .anyMatch(item -> item.contains(new Input.SessionHeard(new InstanceId(ME))));
            });
            assertThat(strict.second.inputs()).noneMatch(Input.Noticed.class::isInstance);
        }
    }

    private TestProcess connected() throws InterruptedException {
        TestProcess process = TestProcess.connect(node.channel).say(TestProcess.hello(ME));
        process.welcome();
        return process;
    }

    private static void assertInvalid(TestProcess process, String text) throws Exception {
        assertThat(process.ended().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(process.reason()).isEqualTo("INVALID");
        assertThat(process.ended().getDescription()).contains(text);
    }

    private static Frame wanted(int shard) {
        return Frame.newBuilder()
                .setKind(Frame.Kind.BLOCK_WANTED)
                .setShard(shard)
                .build();
    }
}
