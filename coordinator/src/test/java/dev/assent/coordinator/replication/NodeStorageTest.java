package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.assent.protocol.ClusterId;
import dev.assent.protocol.coordinator.NodeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStorageTest {
    private static final NodeIdentity IDENTITY = identity("k3x9q0ab");

    @TempDir
    Path directory;

    @Test
    void emptyDirectoryHasNoIdentityAndServesNothing() throws Exception {
        try (NodeStorage storage = NodeStorage.open(directory.resolve("new"))) {
            assertThat(storage.identity()).isEmpty();
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(storage::shardsToFormat)
                    .withMessageContaining("not part of a cluster yet");
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(() ->
                            new RaftNode(storage, RaftEndpoint.plain("127.0.0.1", 1), ReplicationSettings.fast()));
        }
    }

    @Test
    void identityIsReadBackAfterARestart() throws Exception {
        born();
        try (NodeStorage storage = NodeStorage.open(directory)) {
            assertThat(storage.identity()).contains(IDENTITY);
            assertThat(storage.shardsToFormat()).containsExactly(0, 1);
        }
        assertThat(directory.resolve("identity")).content().contains("node = n1", "cluster = shop-k3x9q0ab");
    }

    @Test
    void birthMayBeRepeatedWithTheSameIdentityOnly() throws Exception {
        born();
        try (NodeStorage storage = NodeStorage.open(directory)) {
            storage.birth(IDENTITY);
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(() -> storage.birth(identity("zzzzzzzz")))
                    .withMessageContaining("belongs to node n1 of cluster shop-k3x9q0ab");
        }
    }

    @Test
    void secondUseOfADirectoryIsRefused() throws Exception {
        try (NodeStorage storage = NodeStorage.open(directory)) {
            assertThat(storage.identity()).isEmpty();
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(() -> NodeStorage.open(directory))
                    .withMessageContaining("in use by another coordinator node");
        }
        NodeStorage.open(directory).close();
    }

    @Test
    void interruptedBirthGoesOnWhereItStopped() throws Exception {
        born();
        format(0);
        try (NodeStorage storage = NodeStorage.open(directory)) {
            assertThat(storage.shardsToFormat()).containsExactly(1);
        }
    }

    @Test
    void formedNodeWithoutAGroupRefusesToStart() throws Exception {
        born();
        format(0);
        format(1);
        try (NodeStorage storage = NodeStorage.open(directory)) {
            storage.markFormed();
            assertThat(storage.shardsToFormat()).isEmpty();
            Files.delete(metaFile(1));
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(storage::shardsToFormat)
                    .withMessageContaining("logs of shards [1] are missing")
                    .withMessageContaining("new node id");
        }
    }

    @Test
    void logsWithoutIdentityAreRefused() throws Exception {
        Files.createDirectories(directory.resolve("raft"));
        assertThatExceptionOfType(ReplicationException.class)
                .isThrownBy(() -> NodeStorage.open(directory))
                .withMessageContaining("identity file beside it is missing");
    }

    @Test
    void logOfAnotherClusterIsRefused() throws Exception {
        born();
        Files.createDirectories(
                directory.resolve("raft").resolve(identity("zzzzzzzz").group(0).toString()));
        try (NodeStorage storage = NodeStorage.open(directory)) {
            assertThatExceptionOfType(ReplicationException.class)
                    .isThrownBy(storage::shardsToFormat)
                    .withMessageContaining("not a log of this node's cluster");
        }
    }

    @Test
    void damagedIdentityFileIsRefused() throws Exception {
        born();
        Path file = directory.resolve("identity");
        String text = Files.readString(file);
        for (String damaged : new String[] {
            "",
            text.replace("format = 1", "format = 2"),
            text.replace("node = n1", "node = n9"),
            text.replace("shards = 2", "shards = 1"),
            text.replace("cluster = shop-k3x9q0ab", "cluster = shop-zzzzzzzz"),
            text + "extra = 1\n",
            text.substring(0, text.length() - 30)
        }) {
            Files.writeString(file, damaged);
            assertThatExceptionOfType(ReplicationException.class)
                    .as(damaged)
                    .isThrownBy(() -> NodeStorage.open(directory))
                    .withMessageContaining("cannot be read");
        }
    }

    @Test
    void groupsDifferBetweenShardsAndLivesOfACluster() {
        assertThat(IDENTITY.group(0))
                .isNotEqualTo(IDENTITY.group(1))
                .isNotEqualTo(identity("zzzzzzzz").group(0));
    }

    @Test
    void identityIsChecked() {
        TreeMap<NodeId, String> members = new TreeMap<>(Map.of(new NodeId("n2"), "h:1"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeIdentity(new NodeId("n1"), IDENTITY.cluster(), 1, members));
        members.put(new NodeId("n1"), "no-port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeIdentity(new NodeId("n1"), IDENTITY.cluster(), 1, members));
        members.put(new NodeId("n1"), "h:1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeIdentity(new NodeId("n1"), IDENTITY.cluster(), 1, members))
                .withMessageContaining("same Raft address");
    }

    private void born() throws Exception {
        try (NodeStorage storage = NodeStorage.open(directory)) {
            storage.birth(IDENTITY);
        }
    }

    private void format(int shard) throws Exception {
        Files.createDirectories(metaFile(shard).getParent());
        Files.createFile(metaFile(shard));
    }

    private Path metaFile(int shard) {
        return directory
                .resolve("raft")
                .resolve(IDENTITY.group(shard).toString())
                .resolve("current")
                .resolve("raft-meta");
    }

    private static NodeIdentity identity(String incarnation) {
        TreeMap<NodeId, String> members = new TreeMap<>();
        members.put(new NodeId("n1"), "127.0.0.1:4001");
        members.put(new NodeId("n2"), "127.0.0.1:4002");
        return new NodeIdentity(new NodeId("n1"), new ClusterId("shop", incarnation), 2, members);
    }
}
