package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.coordinator.StateImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The log contract as bytes. A change here means that logs of earlier releases read differently: rewrite the files, with
 * {@code -Dgolden=update}, only for a format that no release has written.
 */
class GoldenBytesTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden");
    private static final int LINE = 64;

    private final RecordCodec records = new RecordCodec(Samples.CLUSTER, Samples.SHARD);
    private final SnapshotCodec snapshots = new SnapshotCodec(Samples.CLUSTER, Samples.SHARD);

    @TestFactory
    Stream<DynamicTest> everyPackHasItsGoldenBytesAndIsReadBackFromThem() {
        return Samples.packs().entrySet().stream()
                .map(sample -> DynamicTest.dynamicTest(sample.getKey(), () -> {
                    byte[] golden = golden("pack-" + sample.getKey(), records.encode(sample.getValue()));
                    assertThat(records.encode(sample.getValue())).isEqualTo(golden);
                    assertThat(records.decode(ByteBuffer.wrap(golden))).isEqualTo(sample.getValue());
                }));
    }

    @Test
    void snapshotHasItsGoldenBytesAndIsReadBackFromThem() throws IOException {
        byte[] golden = golden("snapshot", snapshots.encode(Samples.content(Samples.image())));
        assertThat(snapshots.encode(Samples.content(Samples.image()))).isEqualTo(golden);
        assertThat(snapshots.decode(golden)).isEqualTo(Samples.content(Samples.image()));
    }

    @Test
    void emptyStateHasItsGoldenBytesAndIsReadBackFromThem() throws IOException {
        byte[] golden = golden("snapshot-empty", snapshots.encode(Samples.content(StateImage.EMPTY)));
        assertThat(snapshots.encode(Samples.content(StateImage.EMPTY))).isEqualTo(golden);
        assertThat(snapshots.decode(golden)).isEqualTo(Samples.content(StateImage.EMPTY));
    }

    private static byte[] golden(String name, byte[] present) throws IOException {
        Path file = DIRECTORY.resolve(name + ".hex");
        if ("update".equals(System.getProperty("golden"))) {
            String hex = HexFormat.of().formatHex(present).replaceAll("(.{" + LINE + "})", "$1\n");
            Files.writeString(
                    file, "# " + name + ": bytes of format version 1, see GoldenBytesTest\n" + hex.strip() + "\n");
        }
        String hex = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .map(String::strip)
                .collect(Collectors.joining());
        return HexFormat.of().parseHex(hex);
    }
}
