package dev.assent.coordinator.admin;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The durable promise of a node that is not born yet, one file in its data directory. It goes with the birth: beside a
 * directory that lost everything else it would let a wiped node pass for one that has never voted. Not thread-safe.
 */
final class BirthPledge {
    static final String FILE = "birth-pledge";

    private final Path directory;
    private final Path file;

    BirthPledge(Path dataDirectory) {
        this.directory = dataDirectory;
        this.file = dataDirectory.resolve(FILE);
    }

    /**
     * What was promised.
     *
     * @throws IOException if the file is there and cannot be read or is damaged
     */
    Optional<ClusterIdentity> read() throws IOException {
        try {
            return Optional.of(
                    AdminCodec.read(dev.assent.proto.v1.ClusterIdentity.parseFrom(Files.readAllBytes(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Promises; durable when it returns. */
    void write(ClusterIdentity identity) throws IOException {
        Files.createDirectories(directory);
        Path draft = file.resolveSibling(FILE + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(AdminCodec.write(identity).toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // The new name itself must survive a power failure, or the pledge would be forgotten after it was given.
        forceEntries();
    }

    /** Forgets the promise, because it is kept; durable when it returns. */
    void remove() throws IOException {
        if (Files.deleteIfExists(file)) {
            forceEntries();
        }
    }

    private void forceEntries() throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
