package dev.assent.coordinator.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.coordinator.config.Member;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterBirthTest {
    private static final List<Member> MEMBERS =
            Stream.of(1, 2, 3).map(i -> member("n" + i, 7_100 + i)).toList();
    private static final ClusterPlan PLAN = new ClusterPlan("shop", 1, MEMBERS);

    @TempDir
    private Path directory = Path.of("");

    private final Map<NodeId, FakeNode> nodes = new LinkedHashMap<>();
    private final List<String> steps = new ArrayList<>();

    @BeforeEach
    void start() {
        MEMBERS.forEach(member -> nodes.put(member.id(), new FakeNode("shop", member.id(), MEMBERS, directory)));
    }

    @AfterEach
    void stop() {
        nodes.values().forEach(FakeNode::close);
    }

    @Test
    void allMembersGetTheSameLife() throws Exception {
        ClusterBirth.Birth birth = bear();
        assertThat(birth.existedBefore()).isFalse();
        assertThat(birth.identity().plan()).isEqualTo(PLAN);
        assertThat(nodes.values())
                .allMatch(node -> node.identity().orElseThrow().equals(birth.identity()));
        assertThat(steps).hasSize(7);
    }

    @Test
    void everyBirthHasItsOwnRandomIncarnation() throws Exception {
        ClusterIdentity first =
                new ClusterBirth(this::client).bear(PLAN, steps::add).identity();
        for (FakeNode node : nodes.values()) {
            node.wipe();
        }
        ClusterIdentity second =
                new ClusterBirth(this::client).bear(PLAN, steps::add).identity();
        assertThat(second.incarnation()).isNotEqualTo(first.incarnation());
    }

    @Test
    void repeatingItChangesNothing() throws Exception {
        ClusterIdentity first = bear().identity();
        ClusterBirth.Birth again = bear(() -> "zzzzzzzz");
        assertThat(again.existedBefore()).isTrue();
        assertThat(again.identity()).isEqualTo(first);
        assertThat(nodes.values()).allMatch(node -> node.births() == 1);
    }

    @Test
    void nodeThatDoesNotAnswerStopsItBeforeAnybodyPledged() throws Exception {
        node("n3").stop();
        ClusterRefusedException refused = refusal();
        assertThat(refused.isUnreachable()).isTrue();
        assertThat(refused.problem().what()).contains("'n3'", "127.0.0.1:7103");
        assertThat(node("n1").client().node().state()).isEqualTo(BirthState.EMPTY);
    }

    @Test
    void birthThatStoppedHalfWayGoesOnUnderTheSameIncarnation() throws Exception {
        node("n2").fillDisk(true);
        assertThat(refusal().problem().what()).contains("'n2'", "no space left");
        assertThat(node("n1").client().node().state()).isEqualTo(BirthState.BORN);
        assertThat(node("n2").client().node().state()).isEqualTo(BirthState.PLEDGED);
        node("n2").stop();
        node("n2").restart();
        node("n2").fillDisk(false);

        ClusterIdentity identity = bear(() -> "zzzzzzzz").identity();

        assertThat(identity.incarnation()).isEqualTo("aaaaaaaa");
        assertThat(nodes.values())
                .allMatch(node -> node.identity().orElseThrow().equals(identity))
                .allMatch(node -> node.births() == 1);
    }

    @Test
    void emptyNodeBesideABornOneWasWipedAndIsRefused() throws Exception {
        bear();
        node("n3").wipe();
        ClusterRefusedException refused = refusal();
        assertThat(refused.isUnreachable()).isFalse();
        assertThat(refused.problem().what()).contains("'n3' has lost its data", "shop-aaaaaaaa");
        assertThat(refused.problem().remedy()).contains("new id");
        assertThat(node("n3").births()).isEqualTo(1);
    }

    @Test
    void wipedNodeMustNotStart() throws Exception {
        bear();
        node("n3").wipe();
        ClusterRefusedException refused = catchThrowableOfType(
                ClusterRefusedException.class, () -> BirthCheck.check(node("n3").config(), this::client));
        assertThat(refused.problem().what()).contains("'n3' has lost its data");
    }

    @Test
    void nodeThatStoppedBetweenPledgeAndBirthMayStart() throws Exception {
        node("n2").fillDisk(true);
        refusal();
        assertThatCode(() -> BirthCheck.check(node("n2").config(), this::client))
                .doesNotThrowAnyException();
    }

    @Test
    void firstNodesOfANewClusterMayStartThoughNobodyAnswers() {
        nodes.values().forEach(FakeNode::stop);
        assertThatCode(() -> BirthCheck.check(node("n1").config(), this::client))
                .doesNotThrowAnyException();
    }

    @Test
    void nodeOfAnotherClusterIsRefused() throws Exception {
        ClusterIdentity other = new ClusterIdentity(new ClusterPlan("bank", 1, MEMBERS), "bbbbbbbb");
        node("n2").birth(other);
        assertThat(refusal().problem().what()).contains("'n2' was born into bank-bbbbbbbb");
        assertThat(node("n1").births()).isZero();
    }

    @Test
    void pledgesToTwoLivesAreRefused() throws Exception {
        node("n1").client().pledge(new ClusterIdentity(PLAN, "bbbbbbbb"));
        node("n2").client().pledge(new ClusterIdentity(PLAN, "cccccccc"));
        assertThat(refusal().problem().remedy()).contains("empty its data directory");
    }

    @Test
    void nodesMustBeConfiguredForTheSameCluster() {
        ClusterPlan twoShards = new ClusterPlan("shop", 2, MEMBERS);
        ClusterRefusedException refused = catchThrowableOfType(
                ClusterRefusedException.class, () -> new ClusterBirth(this::client).bear(twoShards, steps::add));
        assertThat(refused.problem().what()).contains("1 shards instead of 2");
    }

    @Test
    void nodeUnderAnotherIdIsRefused() {
        ClusterRefusedException refused = catchThrowableOfType(
                ClusterRefusedException.class,
                () -> new ClusterBirth(member -> node("n1").client()).bear(PLAN, steps::add));
        assertThat(refused.problem().what()).contains("is 'n1', not 'n2'");
    }

    @Test
    void membersThatABornClusterDoesNotKnowAreNotTakenForWiped() throws Exception {
        bear();
        List<Member> four = new ArrayList<>(MEMBERS);
        four.add(member("n4", 7_104));
        nodes.put(new NodeId("n4"), new FakeNode("shop", new NodeId("n4"), four, directory));
        ClusterRefusedException refused = catchThrowableOfType(
                ClusterRefusedException.class,
                () -> new ClusterBirth(this::client).bear(new ClusterPlan("shop", 1, four), steps::add));
        assertThat(refused.problem().what()).contains("born already, and without 'n4'");
    }

    private ClusterBirth.Birth bear() throws ClusterRefusedException {
        return bear(() -> "aaaaaaaa");
    }

    private ClusterBirth.Birth bear(Supplier<String> incarnations) throws ClusterRefusedException {
        return new ClusterBirth(this::client, incarnations).bear(PLAN, steps::add);
    }

    private ClusterRefusedException refusal() {
        return catchThrowableOfType(ClusterRefusedException.class, () -> bear());
    }

    private AdminClient client(Member member) {
        return node(member.id().value()).client();
    }

    private FakeNode node(String id) {
        FakeNode node = nodes.get(new NodeId(id));
        if (node == null) {
            throw new AssertionError("no node " + id);
        }
        return node;
    }

    private static Member member(String id, int clientPort) {
        return new Member(new NodeId(id), "127.0.0.1", clientPort, clientPort + 100);
    }
}
