package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits packs to the own Raft server. That a pack was applied is told by the state machine, with its verdicts; here
 * only failures matter, and of those only what is certain is passed on: see {@link AppendFailure}.
 *
 * <p>Thread-safe.
 */
final class RaftShardLog implements ShardLog {
    private static final Logger LOG = LoggerFactory.getLogger(RaftShardLog.class);

    /** A refused pack is submitted again at once by its loop: told later, it does not spin while the refusal lasts. */
    private static final long REFUSAL_DELAY_MILLIS = 20;

    private final ShardReplica replica;

    RaftShardLog(ShardReplica replica) {
        this.replica = replica;
    }

    @Override
    public void append(long loop, long packNumber, List<LogRecord> records) {
        byte[] entry = replica.codec().encode(new LogPack(loop, packNumber, records));
        if (entry.length > replica.maxEntryBytes()) {
            throw new IllegalArgumentException("a pack of " + records.size() + " records has " + entry.length
                    + " bytes; the log takes at most " + replica.maxEntryBytes());
        }
        var unused = replica.gateway().append(replica.group(), entry).whenComplete((reply, failure) -> {
            AppendFailure what = AppendFailure.of(reply, failure);
            if (what != null) {
                String why = String.valueOf(failure != null ? failure : reply.getException());
                replica.later(REFUSAL_DELAY_MILLIS, TimeUnit.MILLISECONDS, () -> failed(what, loop, packNumber, why));
            }
        });
    }

    private void failed(AppendFailure what, long loop, long packNumber, String why) {
        switch (what) {
            case REFUSED -> replica.refused(loop, packNumber, why);
            case LEADERSHIP_OVER ->
                LOG.debug("Shard {}: pack {} ended with the leadership", replica.shard(), packNumber);
            case INVALID -> replica.failedUnlessClosing("shard " + replica.shard() + " wrote an invalid entry: " + why);
            case UNCERTAIN -> {
                LOG.warn(
                        "Shard {}: unknown whether pack {} was appended, stepping down: {}",
                        replica.shard(),
                        packNumber,
                        why);
                stepDown();
                replica.unanswered(loop);
            }
        }
    }

    @Override
    public void stepDown() {
        replica.later(0, TimeUnit.MILLISECONDS, () -> {
            var unused = replica.gateway().giveUp(replica.group()).whenComplete((reply, failure) -> {
                if (failure != null) {
                    LOG.debug("Shard {}: leadership not given up", replica.shard(), failure);
                }
            });
        });
    }
}
