package dev.assent.sdk.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.assent.proto.v1.Frame;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.InstanceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process does with the news of the cluster's nodes. */
class MembersTest {

    private final RecordingListener listener = new RecordingListener();
    private final List<AutoCloseable> open = new ArrayList<>();
    private FakeNode first;
    private Sessions sessions;
    private FakeNode.Stream stream;

    @BeforeEach
    void connect() throws Exception {
        first = node();
        SessionIdentity me = new SessionIdentity(
                new InstanceId("a1b2c3d4e5f6"), "shop-1", List.of(), Optional.<ClusterId>empty(), "assent-java test");
        sessions = Sessions.open(List.of(first.address()), me, FakeNode.QUICK, listener);
        open.add(0, sessions);
        stream = first.accept();
        stream.next();
        stream.say(FakeNode.Stream.welcome("n1"));
        assertThat(listener.next()).startsWith("cluster");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void nodeThatJoinsIsDialledAndOneThatLeavesIsLeftWithoutAGoodbye() throws Exception {
        FakeNode second = node();
        stream.say(members(10, "n1=" + first.address(), "n2=" + second.address()));
        FakeNode.Stream toSecond = second.accept();
        assertThat(toSecond.next().hasHello()).isTrue();
        toSecond.say(FakeNode.Stream.welcome("n2"));
        await().until(() -> sessions.status().containsKey(second.address()));

        stream.say(members(20, "n1=" + first.address()));
        await().until(toSecond::isCancelled);
        assertThat(toSecond.hasReceivedNothingMore()).isTrue();
        assertThat(sessions.status()).containsOnlyKeys(first.address());
    }

    @Test
    void olderListOfANodeThatLagsBringsNobodyBack() throws Exception {
        FakeNode removed = node();
        stream.say(members(20, "n1=" + first.address()));
        stream.say(members(10, "n1=" + first.address(), "n0=" + removed.address()));
        heard();
        assertThat(sessions.status()).containsOnlyKeys(first.address());
    }

    /** Its stream would take that of the configured name away, and that one its, for ever. */
    @Test
    void nodeIsNotDialledUnderASecondName() throws Exception {
        stream.say(members(10, "n1=localhost:" + first.port()));
        heard();
        assertThat(sessions.status()).containsOnlyKeys(first.address());
        assertThat(first.hasNoFurtherStream()).isTrue();
    }

    @Test
    void allNodesMayBeReplaced() throws Exception {
        FakeNode second = node();
        stream.say(members(10, "n1=" + first.address(), "n2=" + second.address()));
        FakeNode.Stream toSecond = second.accept();
        toSecond.say(FakeNode.Stream.welcome("n2"));
        first.close();
        FakeNode third = node();
        toSecond.say(members(20, "n2=" + second.address(), "n3=" + third.address()));
        third.accept().say(FakeNode.Stream.welcome("n3"));
        await().until(() ->
                String.valueOf(sessions.status().get(third.address())).startsWith("connected"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"n1", "n1=host", "N1=host:1", "n1=host:0", "=host:1", "n1=ho st:1"})
    void malformedListEndsTheStream(String node) throws Exception {
        stream.say(members(10, node));
        await().until(stream::isCancelled);
    }

    @Test
    void listThatIsTooLongEndsTheStream() throws Exception {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            nodes.add("n" + i + "=host:1");
        }
        stream.say(members(10, nodes.toArray(String[]::new)));
        await().until(stream::isCancelled);
    }

    /** Until everything that was said before has been worked off. */
    private void heard() throws InterruptedException {
        stream.say(Frame.newBuilder().setKind(Frame.Kind.REFUSED).setRequest(9).setReason("NOT_LEADER"));
        assertThat(listener.next()).isEqualTo("answered 9 Refused");
    }

    private static Frame.Builder members(long version, String... nodes) {
        List<String> list = new ArrayList<>();
        Collections.addAll(list, nodes);
        return Frame.newBuilder().setKind(Frame.Kind.MEMBERS).setSeq(version).addAllNodes(list);
    }

    private FakeNode node() throws Exception {
        FakeNode node = new FakeNode();
        open.add(node);
        return node;
    }
}
