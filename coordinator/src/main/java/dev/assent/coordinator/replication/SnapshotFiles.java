package dev.assent.coordinator.replication;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Snapshot files of one shard, in Raft's directory for them. A leader ships the newest file to followers at any moment,
 * so a file gets its final name only when it is whole: written under another name, forced, its MD5 saved, then renamed.
 * Written in place, a half-written one would be shipped as valid.
 */
final class SnapshotFiles {
    private static final String WRITING = "writing-";

    /** Called when a snapshot is written and does not count yet; may refuse to go on. */
    interface BeforeRename {
        void run() throws IOException;
    }

    private final SnapshotCodec codec;
    private final BeforeRename beforeRename;
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

    SnapshotFiles(SnapshotCodec codec, BeforeRename beforeRename) {
        this.codec = codec;
        this.beforeRename = beforeRename;
    }

    /**
     * A snapshot that was read.
     *
     * @param at the last entry that it holds
     */
    record Loaded(TermIndex at, SnapshotContent content) {}

    SimpleStateMachineStorage storage() {
        return storage;
    }

    /** Finds the directory and clears away what a crash left half-written. */
    void open(RaftStorage raftStorage) throws IOException {
        Path directory = raftStorage.getStorageDir().getStateMachineDir().toPath();
        Files.createDirectories(directory);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, WRITING + "*")) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
        storage.init(raftStorage);
    }

    /**
     * The newest snapshot on disk, if there is one.
     *
     * @throws IOException if it cannot be read or is damaged; an older one is no substitute, since the log between the
     *     two may be purged
     */
    Optional<Loaded> load() throws IOException {
        SingleFileSnapshotInfo newest = storage.loadLatestSnapshot();
        if (newest == null) {
            return Optional.empty();
        }
        Path file = newest.getFile().getPath();
        try {
            return Optional.of(new Loaded(newest.getTermIndex(), codec.decode(Files.readAllBytes(file))));
        } catch (LogFormatException e) {
            throw new LogFormatException("Snapshot " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes the state after this entry and makes it the newest snapshot.
     *
     * @throws IOException if it cannot be written; nothing is left of it then, or a full disk would be filled further by
     *     each attempt
     */
    void write(TermIndex at, SnapshotContent content) throws IOException {
        File target = storage.getSnapshotFile(at.getTerm(), at.getIndex());
        Path beside = target.toPath().resolveSibling(WRITING + target.getName());
        MD5Hash md5;
        try {
            DurableFiles.writeForced(beside, codec.encode(content));
            md5 = MD5FileUtil.computeMd5ForFile(beside.toFile());
            MD5FileUtil.saveMD5File(target, md5);
            beforeRename.run();
            DurableFiles.moveForced(beside, target.toPath());
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            if (!target.exists()) {
                Files.deleteIfExists(MD5FileUtil.getDigestFileForFile(target).toPath());
            }
            throw e;
        }
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(target.toPath(), md5), at));
    }
}
