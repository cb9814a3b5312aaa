package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.ReplicatedState;
import dev.assent.protocol.coordinator.StateImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SnapshotCodecTest {
    private final SnapshotCodec codec = new SnapshotCodec(Samples.CLUSTER, Samples.SHARD);

    @Test
    void stateThatWasReadFromASnapshotWritesTheSameBytes() throws Exception {
        ReplicatedState state = new ReplicatedState();
        for (LogRecord record : List.of(
                Samples.CREATED,
                Samples.STARTED,
                Samples.decided(5, 1),
                Samples.decided(5, 0),
                new LogRecord.Ended(Samples.xid(5, 1)))) {
            state.apply(5, record);
        }
        SnapshotContent content =
                new SnapshotContent(state.image(), new TreeSet<>(Set.of(new NodeId("n2"), new NodeId("n10"))));
        byte[] bytes = codec.encode(content);
        assertThat(codec.decode(bytes)).isEqualTo(content);
        ReplicatedState read = ReplicatedState.of(codec.decode(bytes).image());
        assertThat(codec.encode(new SnapshotContent(read.image(), content.membersEver())))
                .isEqualTo(bytes);
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] bytes = codec.encode(Samples.content(Samples.image()));
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= (byte) (1 << (i % 8));
            assertThatExceptionOfType(LogFormatException.class)
                    .as("bit of byte %d", i)
                    .isThrownBy(() -> codec.decode(damaged));
        }
    }

    @Test
    void cutAndExtendedFilesAreRefused() {
        byte[] bytes = codec.encode(Samples.content(Samples.image()));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(LogFormatException.class).isThrownBy(() -> codec.decode(cut));
        }
        assertThatExceptionOfType(LogFormatException.class)
                .isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void snapshotOfAnotherShardIsRefused() {
        byte[] bytes = codec.encode(Samples.content(Samples.image()));
        assertThatExceptionOfType(LogFormatException.class)
                .isThrownBy(() -> new SnapshotCodec(Samples.CLUSTER, 0).decode(bytes))
                .withMessageContaining("this node's identity says shard 0");
    }

    @Test
    void imageOutOfOrderIsNotWritten() {
        StateImage disordered = new StateImage(
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(Samples.decided(5, 2), Samples.decided(4, 9)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(Samples.content(disordered)))
                .withMessageContaining("canonical order");
    }
}
