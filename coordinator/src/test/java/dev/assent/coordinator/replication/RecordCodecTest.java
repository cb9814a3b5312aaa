package dev.assent.coordinator.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.assent.proto.log.v1.ClusterCreated;
import dev.assent.proto.log.v1.CommitDecided;
import dev.assent.proto.log.v1.Ended;
import dev.assent.proto.log.v1.HeuristicFound;
import dev.assent.proto.log.v1.Pack;
import dev.assent.proto.log.v1.Record;
import dev.assent.proto.log.v1.Settled;
import dev.assent.proto.log.v1.TransactionNumber;
import dev.assent.protocol.ClusterId;
import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.LogRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCodecTest {
    private static final TransactionNumber NUMBER =
            TransactionNumber.newBuilder().setTerm(1).setSeq(2).build();

    private final RecordCodec codec = new RecordCodec(Samples.CLUSTER, Samples.SHARD);

    @Test
    void runsOfEndedAndForgottenRecordsShareOneMessage() throws Exception {
        Pack pack = Pack.parseFrom(codec.encode(Samples.pack("mixed")));
        assertThat(pack.getRecordsList())
                .extracting(Record::getRecordCase)
                .containsExactly(
                        Record.RecordCase.COMMIT_DECIDED,
                        Record.RecordCase.ENDED,
                        Record.RecordCase.COMMIT_DECIDED,
                        Record.RecordCase.ENDED,
                        Record.RecordCase.FORGOTTEN);
        assertThat(pack.getRecords(1).getEnded().getXidsCount()).isEqualTo(3);
    }

    @Test
    void bytesBetweenPositionAndLimitAreRead() throws Exception {
        LogPack sample = Samples.pack("mixed");
        byte[] bytes = codec.encode(sample);
        ByteBuffer within = ByteBuffer.allocate(bytes.length + 8);
        within.position(3).put(bytes).flip().position(3);
        assertThat(codec.decode(within.asReadOnlyBuffer())).isEqualTo(sample);
    }

    @Test
    void laterFormatIsRefused() {
        refuses(pack(ended()).setVersion(2).build(), "format version 2");
        refuses(pack(ended()).clearVersion().build(), "format version 0");
    }

    @Test
    void packWithoutRecordsOrNumberIsRefused() {
        refuses(pack(ended()).clearRecords().build(), "at least one record");
        refuses(pack(ended()).clearNumber().build(), "numbered from 1");
    }

    @Test
    void recordOfAnUnknownKindIsRefused() {
        refuses(pack(Record.getDefaultInstance()).build(), "does not know");
    }

    @Test
    void emptyListsAreRefused() {
        refuses(
                pack(Record.newBuilder().setEnded(Ended.getDefaultInstance()).build())
                        .build(),
                "empty list");
    }

    @Test
    void brokenIdentifiersAreRefused() {
        refuses(decided("inventory-db.a1b2c3d4e5f6", "x"), "branch must be");
        refuses(decided("b.a1b2c3d4e5f6.1", "a.a1b2c3d4e5f6.1"), "sorted");
        refuses(decided(), "names its branches");
        refuses(
                pack(Record.newBuilder()
                                .setEnded(Ended.newBuilder()
                                        .addXids(TransactionNumber.newBuilder().setSeq(1)))
                                .build())
                        .build(),
                "term must be");
    }

    @Test
    void heuristicWithoutKindIsRefused() {
        HeuristicFound found = HeuristicFound.newBuilder()
                .setXid(NUMBER)
                .setBranch(Samples.ORDERS.toString())
                .build();
        refuses(pack(Record.newBuilder().setHeuristicFound(found).build()).build(), "without a known kind");
    }

    @Test
    void overlongReasonIsRefusedByBothSides() {
        String reason = "x".repeat(501);
        Settled settled = Settled.newBuilder()
                .setXid(NUMBER)
                .setBranch(Samples.ORDERS.toString())
                .setReason(reason)
                .build();
        refuses(pack(Record.newBuilder().setSettled(settled).build()).build(), "longer than 500");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encode(new LogRecord.Settled(Samples.xid(1, 2), Samples.ORDERS, "", reason)))
                .withMessageContaining("longer than 500");
    }

    @Test
    void logOfAnotherClusterOrShardIsRefused() {
        refuses(created("shop-zzzzzzzz", 2, 3), "this node's identity says");
        refuses(created(Samples.CLUSTER.toString(), 1, 3), "this node's identity says");
        refuses(created(Samples.CLUSTER.toString(), 2, 2), "shard out of range");
    }

    @Test
    void recordOfAnotherLogIsNotWritten() {
        Xid foreign = new Xid(new ClusterId("shop", "zzzzzzzz"), Samples.SHARD, 1, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encode(new LogRecord.Ended(foreign)))
                .withMessageContaining("belongs to another log");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 12, 30})
    void cutBytesAreRefused(int missing) {
        byte[] bytes = codec.encode(Samples.pack("commit-decided"));
        assertThatExceptionOfType(LogFormatException.class)
                .isThrownBy(() -> codec.decode(ByteBuffer.wrap(bytes, 0, bytes.length - missing)));
    }

    private byte[] encode(LogRecord record) {
        return codec.encode(new LogPack(1, 1, List.of(record)));
    }

    private void refuses(MessageLite pack, String because) {
        ByteString bytes = pack.toByteString();
        assertThatExceptionOfType(LogFormatException.class)
                .isThrownBy(() -> codec.decode(bytes.asReadOnlyByteBuffer()))
                .withMessageContaining(because);
    }

    private static Pack.Builder pack(Record record) {
        return Pack.newBuilder().setVersion(1).setLoop(1).setNumber(1).addRecords(record);
    }

    private static Record ended() {
        return Record.newBuilder().setEnded(Ended.newBuilder().addXids(NUMBER)).build();
    }

    private static Pack decided(String... branches) {
        CommitDecided decided = CommitDecided.newBuilder()
                .setXid(NUMBER)
                .addAllBranches(List.of(branches))
                .build();
        return pack(Record.newBuilder().setCommitDecided(decided).build()).build();
    }

    private static Pack created(String cluster, int shard, int shards) {
        ClusterCreated created = ClusterCreated.newBuilder()
                .setCluster(cluster)
                .setShard(shard)
                .setShards(shards)
                .build();
        return pack(Record.newBuilder().setClusterCreated(created).build()).build();
    }
}
