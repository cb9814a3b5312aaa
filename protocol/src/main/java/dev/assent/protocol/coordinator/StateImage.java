package dev.assent.protocol.coordinator;

import dev.assent.protocol.message.BlockId;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a {@link ReplicatedState} knows, as an immutable value in canonical order: equal states have equal
 * images. It is what a snapshot holds.
 *
 * @param cluster the shard's first record; empty while the log has none
 * @param leader the last standing one
 * @param leaderTerm the term of that record; 0 if there is none
 * @param decisions decided and not ended, by xid
 * @param blocks by block
 * @param forgotten by term and first number
 * @param heuristics unresolved, by xid and branch
 * @param abandoned unsettled, by xid and branch
 * @param settled of transactions that are still listed, by xid and branch: acknowledgements that an operator gave
 */
public record StateImage(
        Optional<LogRecord.ClusterCreated> cluster,
        Optional<LogRecord.LeaderStarted> leader,
        long leaderTerm,
        List<LogRecord.CommitDecided> decisions,
        List<OutcomeBlock> blocks,
        List<ForgottenRange> forgotten,
        List<LogRecord.HeuristicFound> heuristics,
        List<LogRecord.Abandoned> abandoned,
        List<LogRecord.Settled> settled) {
    public StateImage {
        decisions = List.copyOf(decisions);
        blocks = List.copyOf(blocks);
        forgotten = List.copyOf(forgotten);
        heuristics = List.copyOf(heuristics);
        abandoned = List.copyOf(abandoned);
        settled = List.copyOf(settled);
    }

    /** The state before the first record. */
    public static final StateImage EMPTY = new StateImage(
            Optional.empty(), Optional.empty(), 0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /**
     * Outcomes of a block: number n of it committed and ended if bit {@code n % 64} of word {@code n / 64} is set.
     *
     * @param words exactly 16
     */
    public record OutcomeBlock(BlockId block, List<Long> words) {
        public OutcomeBlock {
            words = List.copyOf(words);
            if (words.size() != BlockId.SIZE / Long.SIZE) {
                throw new IllegalArgumentException("an outcome block has 16 words, not " + words.size());
            }
        }
    }

    /** Forgotten blocks of one term, both ends included. */
    public record ForgottenRange(long term, long first, long last) {
        public ForgottenRange {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("a range goes upwards: " + first + " to " + last);
            }
        }
    }
}
