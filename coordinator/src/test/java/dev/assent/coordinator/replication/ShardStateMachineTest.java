package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that must not be applied. */
class ShardStateMachineTest {
    private static final NodeId NODE = new NodeId("n1");

    @TempDir
    Path directory;

    private final RecordingListener listener = new RecordingListener();
    private NodeStorage storage;
    private RaftNode node;
    private ShardStateMachine machine;

    @BeforeEach
    void open() throws Exception {
        storage = NodeStorage.open(directory);
        storage.birth(new NodeIdentity(NODE, TestCluster.CLUSTER, 1, new TreeMap<>(Map.of(NODE, "127.0.0.1:1"))));
        node = new RaftNode(storage, RaftEndpoint.plain("127.0.0.1", 1), ReplicationSettings.fast());
        node.replica(0).setListener(listener);
        machine = node.replica(0).newStateMachine();
    }

    @AfterEach
    void close() throws Exception {
        node.close();
        storage.close();
    }

    @Test
    void logOfAnotherIncarnationStopsTheNode() {
        refuses(TestCluster.CLUSTER.name() + "-zzzzzzzz", "this node's identity says shard 0 of cluster shop-k3x9q0ab");
    }

    @Test
    void recordBeforeTheClustersBirthStopsTheNode() {
        byte[] entry = new RecordCodec(TestCluster.CLUSTER, 0)
                .encode(new LogPack(1, 1, List.of(new LogRecord.LeaderStarted(NODE, 1))));
        assertThatIllegalStateException().isThrownBy(() -> apply(entry));
        assertThat(listener.news())
                .singleElement()
                .asString()
                .contains("comes before the entry that names its cluster");
    }

    @Test
    void replicaThatStopsByItselfIsAFailure() {
        machine.close();
        assertThat(listener.news()).containsExactly("failed: the replica of shard 0 stopped by itself");
    }

    @Test
    void failureIsToldOnce() {
        machine.notifyLogFailed(new java.io.IOException("No space left on device"), null);
        machine.close();
        assertThat(listener.news())
                .containsExactly(
                        "failed: the log of shard 0 cannot be written: java.io.IOException: No space left on device");
    }

    @Test
    void plannedCloseIsNoFailure() {
        node.close();
        machine.close();
        assertThat(listener.news()).isEmpty();
    }

    private void refuses(String cluster, String because) {
        ClusterId other = ClusterId.parse(cluster);
        byte[] entry =
                new RecordCodec(other, 0).encode(new LogPack(1, 1, List.of(new LogRecord.ClusterCreated(other, 0, 1))));
        assertThatIllegalStateException().isThrownBy(() -> apply(entry));
        assertThat(listener.news()).singleElement().asString().contains(because);
        assertThat(node.state(0).cluster()).isEmpty();
        assertThat(listener.applied()).isEmpty();
    }

    private void apply(byte[] entry) {
        var unused = machine.applyTransaction(machine.startTransaction(
                LogEntryProto.newBuilder()
                        .setTerm(1)
                        .setIndex(1)
                        .setStateMachineLogEntry(
                                StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(entry)))
                        .build(),
                RaftPeerRole.FOLLOWER));
    }
}
