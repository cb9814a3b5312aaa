package dev.assent.protocol.coordinator;

import dev.assent.protocol.message.BlockId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which outcomes a leader proposes to forget: the oldest blocks, once they take more memory than they may, but none
 * that is still in use or in which something ended lately. Clocks decide how long outcomes are remembered, never what
 * is said about them.
 */
final class Forgetting {
    /** At most so many in one round, so that a record never grows large. */
    private static final int MAX_BLOCKS = 1_000;

    private static final long BLOCK_BYTES = 224;

    private final ShardSettings settings;
    private final long term;
    private final long readyNanos;
    private final Map<BlockId, Long> lastEndedNanos = new LinkedHashMap<>();

    /** What ended in earlier terms counts as ended at readiness: an own clock knows no better. */
    Forgetting(ShardSettings settings, long term, long readyNanos) {
        this.settings = settings;
        this.term = term;
        this.readyNanos = readyNanos;
    }

    Forgetting copy() {
        Forgetting copy = new Forgetting(settings, term, readyNanos);
        copy.lastEndedNanos.putAll(lastEndedNanos);
        return copy;
    }

    void ended(BlockId block, long nowNanos) {
        lastEndedNanos.put(block, nowNanos);
    }

    void forgotten(BlockId block) {
        lastEndedNanos.remove(block);
    }

    List<BlockId> due(ReplicatedState state, Predicate<BlockId> isInUse, long nowNanos) {
        long tooMany = (state.outcomeMemoryBytes() - settings.outcomeMemoryBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES;
        List<BlockId> due = new ArrayList<>();
        if (tooMany <= 0) {
            return due;
        }
        for (BlockId block : state.outcomeBlocks()) {
            if (block.term() > term) {
                // A later leader's, which the log of a deposed one may show already: what is in use there is not known.
                break;
            }
            long endedNanos = lastEndedNanos.getOrDefault(block, readyNanos);
            if (nowNanos - endedNanos >= settings.outcomeRetentionNanos() && !isInUse.test(block)) {
                due.add(block);
            }
            if (due.size() >= Math.min(tooMany, MAX_BLOCKS)) {
                break;
            }
        }
        return due;
    }

    /** Field by field. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Forgetting[readyNanos=").append(readyNanos);
        lastEndedNanos.forEach((block, nanos) ->
                text.append(", ").append(block).append(" lastEndedNanos=").append(nanos));
        return text.append(']').toString();
    }
}
