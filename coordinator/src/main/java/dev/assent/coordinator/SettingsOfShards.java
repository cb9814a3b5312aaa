package dev.assent.coordinator;

import dev.assent.coordinator.config.NodeConfig;
import dev.assent.coordinator.config.RaftSettings;
import dev.assent.coordinator.config.TransactionSettings;
import dev.assent.coordinator.replication.ReplicationSettings;
import dev.assent.protocol.coordinator.ShardSettings;

/** What a node's configuration means to the parts that it is made of. */
final class SettingsOfShards {
    private SettingsOfShards() {}

    static ShardSettings core(NodeConfig config) {
        TransactionSettings transactions = config.transactions();
        return new ShardSettings(
                transactions.timeout().toNanos(),
                transactions.timeoutCap().toNanos(),
                transactions.prepareTimeout().toNanos(),
                transactions.applyWait().toNanos(),
                config.sessions().sessionLease().toNanos(),
                config.sessions().leaseTime().toNanos(),
                ShardSettings.DEFAULTS.retryNanos(),
                ShardSettings.DEFAULTS.abortPatienceNanos(),
                config.outcomes().memoryBytes(),
                config.outcomes().retention().toNanos(),
                ShardSettings.DEFAULTS.forgetEveryNanos(),
                transactions.maxTransactions());
    }

    /** Development takes small files, which many nodes of one machine allocate in no time. */
    static ReplicationSettings replication(NodeConfig config) {
        RaftSettings raft = config.raft();
        ReplicationSettings base =
                config.cluster().development() ? ReplicationSettings.fast() : ReplicationSettings.standard();
        ReplicationSettings.LogBounds log = base.log();
        return new ReplicationSettings(
                new ReplicationSettings.Elections(
                        raft.electionTimeoutMin(),
                        raft.electionTimeoutMax(),
                        base.elections().stepDownWait()),
                new ReplicationSettings.LogBounds(
                        log.segmentBytes(),
                        log.maxEntryBytes(),
                        raft.logBoundBytes(),
                        log.snapshotPacks(),
                        log.preservedPacks()));
    }
}
