package dev.assent.coordinator.replication;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A node's data directory: {@code identity}, {@code lock}, and {@code raft/} with one directory per Raft group. Open,
 * it is locked against every other process and against a second use in this one.
 *
 * <p>A cluster is born once. An empty directory has no identity and serves nothing until {@link #birth}. The identity
 * is written before any group is formatted; from the moment when all were formatted, a missing group means that the
 * disk lost what this node had acknowledged, and the node never starts from there under its old id.
 *
 * <p>Thread-safe.
 */
public final class NodeStorage implements AutoCloseable {
    private final Path directory;
    private final FileChannel lockChannel;
    private Optional<IdentityFile> identityFile;

    private NodeStorage(Path directory, FileChannel lockChannel, Optional<IdentityFile> identityFile) {
        this.directory = directory;
        this.lockChannel = lockChannel;
        this.identityFile = identityFile;
    }

    /**
     * Opens the directory, creating it if need be, and locks it.
     *
     * @throws ReplicationException if another process uses it, or it cannot be used
     */
    public static NodeStorage open(Path directory) throws ReplicationException {
        FileChannel lockChannel = null;
        boolean isOpen = false;
        try {
            Files.createDirectories(directory);
            lockChannel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock(directory, lockChannel);
            NodeStorage storage =
                    new NodeStorage(directory, lockChannel, IdentityFile.read(directory.resolve("identity")));
            storage.checkNotHalfWiped();
            isOpen = true;
            return storage;
        } catch (IOException e) {
            throw new ReplicationException("Data directory " + directory + " cannot be used: " + e, e);
        } finally {
            if (!isOpen && lockChannel != null) {
                closeQuietly(lockChannel);
            }
        }
    }

    /** Who this node is; empty before it was born. */
    public synchronized Optional<NodeIdentity> identity() {
        return identityFile.map(IdentityFile::identity);
    }

    /**
     * Gives the node its identity, durably; its groups are formatted when it is started. Given again with the same
     * identity it does nothing, so that whoever creates a cluster may repeat it after a crash.
     *
     * @throws ReplicationException if the node has another identity already
     */
    public synchronized void birth(NodeIdentity identity) throws ReplicationException {
        if (identityFile.isPresent()) {
            NodeIdentity own = identityFile.get().identity();
            if (own.equals(identity)) {
                return;
            }
            throw new ReplicationException("Data directory " + directory + " belongs to node " + own.node()
                    + " of cluster " + own.cluster() + " and cannot become node " + identity.node() + " of cluster "
                    + identity.cluster() + ". Use an empty directory.");
        }
        write(new IdentityFile(identity, IdentityFile.State.FORMING));
    }

    @Override
    public void close() throws ReplicationException {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new ReplicationException("Data directory " + directory + " could not be unlocked: " + e, e);
        }
    }

    Path raftDirectory() {
        return directory.resolve("raft");
    }

    Path groupDirectory(UUID group) {
        return raftDirectory().resolve(group.toString());
    }

    /**
     * The groups that must be created now: those that an interrupted birth did not come to.
     *
     * @throws ReplicationException if a group is missing that was there, or one is there that is not this node's
     */
    synchronized List<Integer> shardsToFormat() throws ReplicationException {
        if (isRemoved()) {
            throw new ReplicationException("Data directory " + directory + " is of a node that was removed from its"
                    + " cluster. Bring it back with an empty directory and a new node id.");
        }
        IdentityFile file = identityFile.orElseThrow(() -> new ReplicationException("Data directory " + directory
                + " is empty: this node is not part of a cluster yet. Create one with 'cluster init'."));
        Set<String> known = new HashSet<>();
        List<Integer> missing = new ArrayList<>();
        for (int shard = 0; shard < file.identity().shards(); shard++) {
            UUID group = file.identity().group(shard);
            known.add(group.toString());
            // Without this file Raft takes a directory for new and formats it, its log included.
            if (!Files.isRegularFile(groupDirectory(group).resolve("current").resolve("raft-meta"))) {
                missing.add(shard);
            }
        }
        refuseForeignGroups(known);
        if (file.state() != IdentityFile.State.FORMING && !missing.isEmpty()) {
            throw new ReplicationException("The logs of shards " + missing + " are missing from " + raftDirectory()
                    + ", but node " + file.identity().node() + " has had them. A node that lost its log must not"
                    + " vote again under its old id: if the disk is merely not mounted, mount it; else remove this"
                    + " node from the cluster and add it with an empty directory and a new node id.");
        }
        return missing;
    }

    /** From now on a missing group is a loss. The groups' directories are forced first, or a power cut would make it so. */
    synchronized void markFormed() throws ReplicationException {
        IdentityFile file = identityFile.orElseThrow(() -> new IllegalStateException("no identity"));
        if (file.state() != IdentityFile.State.FORMING) {
            return;
        }
        try {
            for (int shard = 0; shard < file.identity().shards(); shard++) {
                Path group = groupDirectory(file.identity().group(shard));
                DurableFiles.forceDirectory(group.resolve("current"));
                DurableFiles.forceDirectory(group);
            }
            DurableFiles.forceDirectory(raftDirectory());
            DurableFiles.forceDirectory(directory);
        } catch (IOException e) {
            throw new ReplicationException("Directory " + raftDirectory() + " cannot be forced to disk: " + e, e);
        }
        write(new IdentityFile(file.identity(), IdentityFile.State.FORMED));
    }

    /** Whether the cluster has removed this node: its directory is of no use any more. */
    public synchronized boolean isRemoved() {
        return identityFile
                .filter(file -> file.state() == IdentityFile.State.REMOVED)
                .isPresent();
    }

    /** The cluster goes on without this node, which must never start from this directory again. */
    synchronized void markRemoved() throws ReplicationException {
        IdentityFile file = identityFile.orElseThrow(() -> new IllegalStateException("no identity"));
        write(new IdentityFile(file.identity(), IdentityFile.State.REMOVED));
    }

    private void write(IdentityFile file) throws ReplicationException {
        file.write(directory.resolve("identity"));
        identityFile = Optional.of(file);
    }

    private void refuseForeignGroups(Set<String> known) throws ReplicationException {
        try (Stream<Path> entries = Files.isDirectory(raftDirectory()) ? Files.list(raftDirectory()) : Stream.empty()) {
            List<Path> foreign = entries.filter(
                            entry -> !known.contains(entry.getFileName().toString()))
                    .toList();
            if (!foreign.isEmpty()) {
                throw new ReplicationException("Directory " + foreign.get(0)
                        + " is not a log of this node's cluster. Move it away; a node never mixes two clusters.");
            }
        } catch (IOException e) {
            throw new ReplicationException("Directory " + raftDirectory() + " cannot be read: " + e, e);
        }
    }

    private void checkNotHalfWiped() throws ReplicationException {
        if (identityFile.isEmpty() && Files.exists(raftDirectory())) {
            throw new ReplicationException("Directory " + raftDirectory() + " holds logs, but the identity file beside"
                    + " it is missing. Restore the file, or bring this node back with an empty directory and a new"
                    + " node id.");
        }
    }

    private static void lock(Path directory, FileChannel channel) throws IOException, ReplicationException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            throw new ReplicationException(inUse(directory), e);
        }
        throw new ReplicationException(inUse(directory));
    }

    private static String inUse(Path directory) {
        return "Data directory " + directory + " is in use by another coordinator node. Stop it, or give this node a"
                + " directory of its own.";
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(NodeStorage.class).warn("Lock file could not be closed", e);
        }
    }
}
