package dev.assent.coordinator.replication;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.assent.proto.log.v1.Ended;
import dev.assent.proto.log.v1.Forgotten;
import dev.assent.proto.log.v1.Pack;
import dev.assent.proto.log.v1.Record;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.coordinator.LogRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of one shard's log as bytes of {@code assent.log.v1.Pack}, and back. The log says which cluster and shard it
 * belongs to only once, in its first entry; xids in it are bare numbers, so a codec is made for one log.
 *
 * <p>Immutable and thread-safe. Equal packs have equal bytes.
 */
final class RecordCodec {
    /** The pack format that this release writes, and the only one that it reads. */
    static final int VERSION = 1;

    private final RecordMapping mapping;

    RecordCodec(ClusterId cluster, int shard) {
        this.mapping = new RecordMapping(cluster, shard);
    }

    /**
     * @throws IllegalArgumentException if a record breaks a limit of the contract or belongs to another log
     */
    byte[] encode(LogPack pack) {
        Pack.Builder bytes =
                Pack.newBuilder().setVersion(VERSION).setLoop(pack.loop()).setNumber(pack.number());
        List<LogRecord> records = pack.records();
        int next = 0;
        while (next < records.size()) {
            int end = endOfRun(records, next);
            bytes.addRecords(encodeRun(records.subList(next, end)));
            next = end;
        }
        return bytes.build().toByteArray();
    }

    /**
     * @param bytes read from its position to its limit
     * @throws LogFormatException if any part of it is not as the contract says
     */
    LogPack decode(ByteBuffer bytes) throws LogFormatException {
        try {
            Pack pack = Pack.parseFrom(bytes);
            if (pack.getVersion() != VERSION) {
                throw new LogFormatException("log entry has format version "
                        + Integer.toUnsignedString(pack.getVersion()) + "; this release reads version " + VERSION);
            }
            List<LogRecord> records = new ArrayList<>();
            for (Record record : pack.getRecordsList()) {
                decodeRun(record, records);
            }
            return new LogPack(pack.getLoop(), pack.getNumber(), records);
        } catch (InvalidProtocolBufferException e) {
            throw new LogFormatException("log entry is damaged: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new LogFormatException("log entry breaks its contract: " + e.getMessage(), e);
        }
    }

    /** Ended and forgotten records that follow each other share one message: they come by the thousand. */
    private static int endOfRun(List<LogRecord> records, int start) {
        LogRecord first = records.get(start);
        int end = start + 1;
        boolean sharesMessage = first instanceof LogRecord.Ended || first instanceof LogRecord.Forgotten;
        while (sharesMessage && end < records.size() && records.get(end).getClass() == first.getClass()) {
            end++;
        }
        return end;
    }

    private Record encodeRun(List<LogRecord> run) {
        if (run.get(0) instanceof LogRecord.Ended) {
            Ended.Builder ended = Ended.newBuilder();
            for (LogRecord record : run) {
                ended.addXids(mapping.number(((LogRecord.Ended) record).xid()));
            }
            return Record.newBuilder().setEnded(ended).build();
        }
        if (run.get(0) instanceof LogRecord.Forgotten) {
            Forgotten.Builder forgotten = Forgotten.newBuilder();
            for (LogRecord record : run) {
                LogRecord.Forgotten checked = (LogRecord.Forgotten) RecordChecks.checked(record);
                forgotten.addBlocks(RecordMapping.block(checked.block()));
            }
            return Record.newBuilder().setForgotten(forgotten).build();
        }
        return encodeSingle(RecordChecks.checked(run.get(0)));
    }

    private Record encodeSingle(LogRecord record) {
        Record.Builder bytes = Record.newBuilder();
        if (record instanceof LogRecord.CommitDecided decided) {
            bytes.setCommitDecided(mapping.toMessage(decided));
        } else if (record instanceof LogRecord.LeaderStarted started) {
            bytes.setLeaderStarted(RecordMapping.toMessage(started));
        } else if (record instanceof LogRecord.ClusterCreated created) {
            bytes.setClusterCreated(mapping.toMessage(created));
        } else if (record instanceof LogRecord.HeuristicFound found) {
            bytes.setHeuristicFound(mapping.toMessage(found));
        } else if (record instanceof LogRecord.Abandoned abandoned) {
            bytes.setAbandoned(mapping.toMessage(abandoned));
        } else if (record instanceof LogRecord.Settled settled) {
            bytes.setSettled(mapping.toMessage(settled));
        } else {
            throw new AssertionError("record without an encoding: " + record);
        }
        return bytes.build();
    }

    private void decodeRun(Record record, List<LogRecord> to) {
        switch (record.getRecordCase()) {
            case ENDED -> {
                RecordChecks.check(record.getEnded().getXidsCount() > 0, "an empty list of ended transactions");
                record.getEnded().getXidsList().forEach(number -> to.add(new LogRecord.Ended(mapping.xid(number))));
            }
            case FORGOTTEN -> {
                RecordChecks.check(record.getForgotten().getBlocksCount() > 0, "an empty list of forgotten blocks");
                record.getForgotten()
                        .getBlocksList()
                        .forEach(block -> to.add(new LogRecord.Forgotten(RecordMapping.block(block))));
            }
            case CLUSTER_CREATED -> to.add(mapping.fromMessage(record.getClusterCreated()));
            case LEADER_STARTED -> to.add(RecordMapping.fromMessage(record.getLeaderStarted()));
            case COMMIT_DECIDED -> to.add(mapping.fromMessage(record.getCommitDecided()));
            case HEURISTIC_FOUND -> to.add(mapping.fromMessage(record.getHeuristicFound()));
            case ABANDONED -> to.add(mapping.fromMessage(record.getAbandoned()));
            case SETTLED -> to.add(mapping.fromMessage(record.getSettled()));
            case RECORD_NOT_SET ->
                throw new IllegalArgumentException("a record of a kind that this release does not know");
        }
    }
}
