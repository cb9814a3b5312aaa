package dev.assent.coordinator.replication;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What the settings mean in Raft's own terms. */
final class RaftSettings {
    /** What Raft adds to a pack in an entry, with room to spare. */
    private static final int ENTRY_OVERHEAD_BYTES = 4 << 10;

    private RaftSettings() {}

    static RaftProperties properties(ReplicationSettings settings, RaftEndpoint endpoint) {
        RaftProperties properties = new RaftProperties();
        GrpcConfigKeys.Server.setHost(properties, endpoint.host());
        GrpcConfigKeys.Server.setPort(properties, endpoint.port());
        elections(properties, settings.elections());
        log(properties, settings.log());
        purging(properties, settings.log());
        // Callers repeat under new numbers and the state knows decided transactions: nobody asks this cache.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(10, TimeUnit.SECONDS));
        // Reads of Raft are not linearizable in this version; nothing here decides by them.
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.DEFAULT);
        return properties;
    }

    static Parameters parameters(RaftEndpoint endpoint, StartGate gate) {
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, gate);
        endpoint.tls()
                .ifPresent(tls -> GrpcConfigKeys.TLS.setConf(
                        parameters,
                        GrpcTlsConfig.newBuilder()
                                .setKeyManager(tls.key())
                                .setTrustManager(tls.trust())
                                .setMutualTls(true)
                                .build()));
        return parameters;
    }

    static void setStorageDirectory(RaftProperties properties, File directory) {
        RaftServerConfigKeys.setStorageDir(properties, List.of(directory));
    }

    private static void elections(RaftProperties properties, ReplicationSettings.Elections elections) {
        TimeDuration min = millis(elections.timeoutMin());
        TimeDuration max = millis(elections.timeoutMax());
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, min);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, max);
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(elections.stepDownWait()));
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(60, TimeUnit.SECONDS));
    }

    private static void log(RaftProperties properties, ReplicationSettings.LogBounds bounds) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(bounds.segmentBytes()));
        // Filling a file with zeros step by step would stand in the path of every append.
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(bounds.segmentBytes()));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(4 * bounds.segmentBytes()));
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(2L * bounds.maxEntryBytes()));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
                properties, SizeInBytes.valueOf(bounds.maxEntryBytes() + (long) ENTRY_OVERHEAD_BYTES));
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf("4MB"));
        // An entry of Raft's own after each commit would double the entries and tell us nothing.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        // Both acknowledge what is not on disk yet.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        // The default sleeps up to 5 s before it looks for a peer that came back.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,10, 500ms,100000");
    }

    private static void purging(RaftProperties properties, ReplicationSettings.LogBounds bounds) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, bounds.snapshotPacks());
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, ReplicationSettings.RETAINED_SNAPSHOTS);
        // Else one peer that is down would let the log of all others grow until their disks are full.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, bounds.preservedPacks());
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, true);
    }

    private static TimeDuration millis(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
