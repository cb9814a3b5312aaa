package dev.assent.coordinator.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.assent.coordinator.config.Member;
import dev.assent.proto.v1.AdminServiceGrpc;
import dev.assent.proto.v1.PledgeBirthRequest;
import dev.assent.protocol.coordinator.NodeId;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminApiTest {
    private static final Member SELF = new Member(new NodeId("n1"), "127.0.0.1", 7_101, 7_201);
    private static final ClusterIdentity LIFE =
            new ClusterIdentity(new ClusterPlan("shop", 1, List.of(SELF)), "aaaaaaaa");
    private static final ClusterIdentity OTHER_LIFE =
            new ClusterIdentity(new ClusterPlan("shop", 1, List.of(SELF)), "bbbbbbbb");

    @TempDir
    private Path directory = Path.of("");

    private FakeNode node;

    @BeforeEach
    void start() {
        node = new FakeNode("shop", SELF.id(), List.of(SELF), directory);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void emptyNodeSaysWhoItIs() {
        NodeView view = node.client().node();
        assertThat(view.id()).isEqualTo(SELF.id());
        assertThat(view.state()).isEqualTo(BirthState.EMPTY);
        assertThat(view.configured()).isEqualTo(LIFE.plan());
    }

    @Test
    void statusOfABornNodeNamesItsShards() throws Exception {
        node.birth(LIFE);
        NodeStatus status = node.client().status();
        assertThat(status.identity()).isEqualTo(LIFE);
        assertThat(status.shards()).isEqualTo(node.shards());
        assertThat(status.development()).isTrue();
        assertThat(status.counts()).isEqualTo(node.counts());
    }

    @Test
    void statusBeforeTheBirthIsRefused() {
        assertThat(reason(() -> node.client().status())).isEqualTo("NOT_BORN");
    }

    @Test
    void birthWithoutAPledgeIsRefused() {
        assertThat(reason(() -> node.client().complete(LIFE))).isEqualTo("NOT_PLEDGED");
        node.client().pledge(LIFE);
        assertThat(reason(() -> node.client().complete(OTHER_LIFE))).isEqualTo("NOT_PLEDGED");
    }

    @Test
    void secondPledgeToAnotherLifeIsRefused() {
        node.client().pledge(LIFE);
        node.client().pledge(LIFE);
        assertThat(reason(() -> node.client().pledge(OTHER_LIFE))).isEqualTo("BORN_OTHERWISE");
    }

    @Test
    void bornNodeAcknowledgesItsOwnLifeAndRefusesOthers() {
        node.client().pledge(LIFE);
        node.client().complete(LIFE);
        node.client().complete(LIFE);
        node.client().pledge(LIFE);
        assertThat(node.births()).isEqualTo(1);
        assertThat(reason(() -> node.client().complete(OTHER_LIFE))).isEqualTo("BORN_OTHERWISE");
        assertThat(reason(() -> node.client().pledge(OTHER_LIFE))).isEqualTo("BORN_OTHERWISE");
    }

    @Test
    void nodeThatIsPledgedOrBornElsewhereDoesNotJoin() {
        node.client().pledge(OTHER_LIFE);
        assertThat(reason(() -> node.client().join(LIFE))).isEqualTo("BORN_OTHERWISE");
        node.client().complete(OTHER_LIFE);
        assertThat(reason(() -> node.client().join(LIFE))).isEqualTo("BORN_OTHERWISE");
        assertThat(node.identity()).contains(OTHER_LIFE);
    }

    @Test
    void nodeJoinsOnce() {
        node.client().join(LIFE);
        node.client().join(LIFE);
        assertThat(node.births()).isEqualTo(1);
    }

    @Test
    void membersAreChangedInShardsOfABornNodeOnly() {
        assertThat(reason(() -> node.client().addMember(0, SELF))).isEqualTo("NOT_BORN");
        node.client().join(LIFE);
        assertThat(node.client().addMember(0, SELF)).isTrue();
        assertThat(node.client().removeMember(0, SELF.id())).isFalse();
        assertThat(reason(() -> node.client().removeMember(1, SELF.id()))).isEqualTo("INVALID");
        assertThat(reason(() -> node.client().transferLeadership(-1, SELF.id())))
                .isEqualTo("INVALID");
    }

    @Test
    void pledgeGoesWithTheBirth() {
        node.client().pledge(LIFE);
        Path pledge = node.config().node().dataDirectory().resolve(BirthPledge.FILE);
        assertThat(pledge).exists();
        node.client().complete(LIFE);
        assertThat(pledge).doesNotExist();
    }

    @Test
    void lifeWithoutThisNodeIsRefused() {
        Member stranger = new Member(new NodeId("n9"), "127.0.0.1", 7_109, 7_209);
        ClusterIdentity without = new ClusterIdentity(new ClusterPlan("shop", 1, List.of(stranger)), "aaaaaaaa");
        assertThat(reason(() -> node.client().pledge(without))).isEqualTo("NOT_A_MEMBER");
    }

    @Test
    void malformedIdentityIsRefused() throws Exception {
        try (AdminChannels channels = new AdminChannels(Duration.ofSeconds(10))) {
            AdminServiceGrpc.AdminServiceBlockingStub stub = AdminServiceGrpc.newBlockingStub(
                    channels.channel(node.client().address()));
            assertThat(reason(() -> stub.pledgeBirth(PledgeBirthRequest.getDefaultInstance())))
                    .isEqualTo("INVALID");
        }
    }

    @Test
    void diskThatRefusesIsToldAndLeavesThePledgeStanding() {
        node.client().pledge(LIFE);
        node.fillDisk(true);
        assertThat(reason(() -> node.client().complete(LIFE))).isEqualTo("STORAGE_FAILED");
        node.fillDisk(false);
        assertThatCode(() -> node.client().complete(LIFE)).doesNotThrowAnyException();
    }

    @Test
    void damagedPledgeIsNotTakenForNone() throws Exception {
        node.client().pledge(LIFE);
        Path data = node.config().node().dataDirectory();
        Path file = data.resolve(BirthPledge.FILE);
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> new BirthPledge(data).read()).isInstanceOf(IOException.class);
        }
    }

    private static String reason(Runnable call) {
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, call::run);
        try {
            return StatusProto.fromThrowable(error)
                    .getDetails(0)
                    .unpack(ErrorInfo.class)
                    .getReason();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
