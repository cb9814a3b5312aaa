package dev.assent.coordinator.observe;

import dev.assent.protocol.coordinator.Effect;
import dev.assent.protocol.coordinator.Input;
import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what shards do, since the process started; thread-safe. What costs CPU is packs and messages. */
public final class Counters implements ShardObserver {
    private final LongAdder turns = new LongAdder();
    private final LongAdder inputs = new LongAdder();
    private final LongAdder packs = new LongAdder();
    private final LongAdder forcedRecords = new LongAdder();
    private final LongAdder lazyRecords = new LongAdder();
    private final LongAdder commands = new LongAdder();
    private final LongAdder replies = new LongAdder();
    private final LongAdder decisions = new LongAdder();

    /**
     * The counts of one moment.
     *
     * @param turns of the loops
     * @param inputs that reached a core
     * @param packs submitted to the log, also repeatedly
     * @param forcedRecords submitted, that somebody waits for
     * @param lazyRecords submitted, that ride along
     * @param commands to instances
     * @param replies to requests
     * @param decisions to commit that were applied and stood, on leader and followers alike
     */
    public record Counts(
            long turns,
            long inputs,
            long packs,
            long forcedRecords,
            long lazyRecords,
            long commands,
            long replies,
            long decisions) {}

    /** Not atomic across the numbers. */
    public Counts counts() {
        return new Counts(
                turns.sum(),
                inputs.sum(),
                packs.sum(),
                forcedRecords.sum(),
                lazyRecords.sum(),
                commands.sum(),
                replies.sum(),
                decisions.sum());
    }

    @Override
    public void input(int shard, Input input, long nowNanos) {
        inputs.increment();
        if (input instanceof Input.Applied applied
                && applied.stood()
                && applied.record() instanceof LogRecord.CommitDecided) {
            decisions.increment();
        }
    }

    @Override
    public void effect(int shard, Effect effect, long nowNanos) {
        if (effect instanceof Effect.Send) {
            commands.increment();
        } else if (effect instanceof Effect.Reply) {
            replies.increment();
        }
    }

    @Override
    public void packSubmitted(int shard, List<LogRecord> records) {
        packs.increment();
        for (LogRecord record : records) {
            (record.isForced() ? forcedRecords : lazyRecords).increment();
        }
    }

    @Override
    public void turnEnded(int shard, int items, int effects) {
        turns.increment();
    }
}
