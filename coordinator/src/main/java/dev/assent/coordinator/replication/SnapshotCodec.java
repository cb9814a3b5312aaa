package dev.assent.coordinator.replication;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.assent.proto.log.v1.ForgottenRange;
import dev.assent.proto.log.v1.OutcomeBlock;
import dev.assent.proto.log.v1.Snapshot;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord;
import dev.assent.protocol.coordinator.NodeId;
import dev.assent.protocol.coordinator.StateImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * The replicated state of one shard as the bytes of a snapshot file, and back: eight bytes of magic, the length of the
 * message, the {@code assent.log.v1.Snapshot} message, and a CRC-32C over all of that, numbers big-endian. Equal images
 * have equal bytes. A file that was cut, or of which a bit flipped, is refused as a whole.
 *
 * <p>Immutable and thread-safe.
 */
final class SnapshotCodec {
    /** The message format that this release writes, and the only one that it reads. */
    static final int VERSION = 1;

    private static final byte[] MAGIC = "ASSENTSN".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = MAGIC.length + Long.BYTES;
    private static final int FRAME_BYTES = HEADER_BYTES + Integer.BYTES;

    private final RecordMapping mapping;

    SnapshotCodec(ClusterId cluster, int shard) {
        this.mapping = new RecordMapping(cluster, shard);
    }

    /**
     * @throws IllegalArgumentException if the image is not canonical or belongs to another log
     */
    byte[] encode(SnapshotContent content) {
        checkOrder(content.image());
        byte[] message = toMessage(content).toByteArray();
        ByteBuffer file = ByteBuffer.allocate(FRAME_BYTES + message.length);
        file.put(MAGIC).putLong(message.length).put(message);
        return file.putInt(crc(file.array(), file.position())).array();
    }

    /**
     * @throws LogFormatException if the file is damaged, of a later format, or of another log
     */
    SnapshotContent decode(byte[] file) throws LogFormatException {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        byte[] magic = new byte[MAGIC.length];
        if (file.length < FRAME_BYTES || !ByteBuffer.wrap(MAGIC).equals(ByteBuffer.wrap(get(bytes, magic)))) {
            throw new LogFormatException("not a snapshot: it does not begin as one");
        }
        long length = bytes.getLong();
        if (length != file.length - FRAME_BYTES) {
            throw new LogFormatException(
                    "snapshot is damaged: it should have " + length + " bytes and has " + (file.length - FRAME_BYTES));
        }
        if (crc(file, file.length - Integer.BYTES) != bytes.getInt(file.length - Integer.BYTES)) {
            throw new LogFormatException("snapshot is damaged: its checksum does not match");
        }
        return decodeMessage(bytes.slice(HEADER_BYTES, (int) length));
    }

    private SnapshotContent decodeMessage(ByteBuffer bytes) throws LogFormatException {
        try {
            Snapshot snapshot = Snapshot.parseFrom(bytes);
            if (snapshot.getVersion() != VERSION) {
                throw new LogFormatException("snapshot has format version "
                        + Integer.toUnsignedString(snapshot.getVersion()) + "; this release reads version " + VERSION);
            }
            StateImage image = fromMessage(snapshot);
            checkOrder(image);
            List<NodeId> members =
                    snapshot.getMembersEverList().stream().map(NodeId::new).toList();
            checkSorted("members", members, Comparator.naturalOrder());
            return new SnapshotContent(image, new TreeSet<>(members));
        } catch (InvalidProtocolBufferException e) {
            throw new LogFormatException("snapshot is damaged: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new LogFormatException("snapshot breaks its contract: " + e.getMessage(), e);
        }
    }

    private Snapshot toMessage(SnapshotContent content) {
        StateImage image = content.image();
        Snapshot.Builder snapshot = Snapshot.newBuilder().setVersion(VERSION).setLeaderTerm(image.leaderTerm());
        image.cluster().ifPresent(created -> {
            RecordChecks.checked(created);
            snapshot.setCluster(mapping.toMessage(created));
        });
        image.leader().ifPresent(started -> snapshot.setLeader(RecordMapping.toMessage(started)));
        image.decisions().forEach(decided -> {
            RecordChecks.checked(decided);
            snapshot.addDecisions(mapping.toMessage(decided));
        });
        image.blocks()
                .forEach(block -> snapshot.addBlocks(OutcomeBlock.newBuilder()
                        .setBlock(RecordMapping.block(block.block()))
                        .addAllWords(block.words())));
        image.forgotten()
                .forEach(range -> snapshot.addForgotten(ForgottenRange.newBuilder()
                        .setTerm(range.term())
                        .setFirst(range.first())
                        .setLast(range.last())));
        image.heuristics().forEach(found -> snapshot.addHeuristics(mapping.toMessage(found)));
        image.abandoned().forEach(abandoned -> snapshot.addAbandoned(mapping.toMessage(abandoned)));
        image.settled().forEach(settled -> snapshot.addSettled(mapping.toMessage(settled)));
        content.membersEver().forEach(node -> snapshot.addMembersEver(node.value()));
        return snapshot.build();
    }

    private StateImage fromMessage(Snapshot snapshot) {
        RecordChecks.check(
                snapshot.hasLeader() == (snapshot.getLeaderTerm() > 0), "a leader and its term come together");
        return new StateImage(
                snapshot.hasCluster() ? Optional.of(mapping.fromMessage(snapshot.getCluster())) : Optional.empty(),
                snapshot.hasLeader() ? Optional.of(RecordMapping.fromMessage(snapshot.getLeader())) : Optional.empty(),
                snapshot.getLeaderTerm(),
                snapshot.getDecisionsList().stream().map(mapping::fromMessage).toList(),
                snapshot.getBlocksList().stream()
                        .map(block -> new StateImage.OutcomeBlock(
                                RecordMapping.block(block.getBlock()), block.getWordsList()))
                        .toList(),
                snapshot.getForgottenList().stream()
                        .map(range -> new StateImage.ForgottenRange(range.getTerm(), range.getFirst(), range.getLast()))
                        .toList(),
                snapshot.getHeuristicsList().stream().map(mapping::fromMessage).toList(),
                snapshot.getAbandonedList().stream().map(mapping::fromMessage).toList(),
                snapshot.getSettledList().stream().map(mapping::fromMessage).toList());
    }

    /** Two orders of one state would be two files of it, and replicas could no longer be compared by their bytes. */
    private static void checkOrder(StateImage image) {
        checkSorted("decisions", image.decisions(), Comparator.comparing(LogRecord.CommitDecided::xid));
        checkSorted("blocks", image.blocks(), Comparator.comparing(StateImage.OutcomeBlock::block));
        checkSorted(
                "forgotten ranges",
                image.forgotten(),
                Comparator.comparingLong(StateImage.ForgottenRange::term)
                        .thenComparingLong(StateImage.ForgottenRange::first));
        image.forgotten().forEach(range -> {
            RecordChecks.checkBlock(range.term(), range.first());
            RecordChecks.checkBlock(range.term(), range.last());
        });
        checkSorted(
                "heuristics",
                image.heuristics(),
                byBranch(LogRecord.HeuristicFound::xid, LogRecord.HeuristicFound::branch));
        checkSorted(
                "abandoned branches",
                image.abandoned(),
                byBranch(LogRecord.Abandoned::xid, LogRecord.Abandoned::branch));
        checkSorted("settled branches", image.settled(), byBranch(LogRecord.Settled::xid, LogRecord.Settled::branch));
        image.abandoned().forEach(RecordChecks::checked);
        image.settled().forEach(RecordChecks::checked);
    }

    private static <T> Comparator<T> byBranch(Function<T, Xid> xid, Function<T, BranchId> branch) {
        return Comparator.comparing(xid).thenComparing(branch);
    }

    private static <T> void checkSorted(String what, List<T> list, Comparator<T> order) {
        for (int i = 1; i < list.size(); i++) {
            RecordChecks.check(order.compare(list.get(i - 1), list.get(i)) < 0, what + " are not in canonical order");
        }
    }

    private static byte[] get(ByteBuffer from, byte[] to) {
        from.get(to);
        return to;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
