package dev.assent.protocol.coordinator;

import dev.assent.protocol.Xid;
import dev.assent.protocol.coordinator.StateImage.ForgottenRange;
import dev.assent.protocol.coordinator.StateImage.OutcomeBlock;
import dev.assent.protocol.message.BlockId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The memory of outcomes: one bit for every number, set when its transaction committed and has ended. A block without a
 * bit is not stored. Blocks that were forgotten stay known as ranges, and no range swallows a block that never had a
 * bit: branches of such a block are told ABORT by presumption and would otherwise wait for an operator.
 */
final class OutcomeBlocks {
    private static final int WORDS = BlockId.SIZE / Long.SIZE;

    /** What a stored block costs: its bits, its key and its place in the tree. */
    private static final int BLOCK_BYTES = BlockId.SIZE / Byte.SIZE + 96;

    private final NavigableMap<BlockId, long[]> blocks = new TreeMap<>();
    /** From a range's first block to the number of its last one. */
    private final NavigableMap<BlockId, Long> forgotten = new TreeMap<>();

    void set(Xid xid) {
        BlockId block = BlockId.of(xid);
        if (!isForgotten(block)) {
            int number = (int) (xid.seq() % BlockId.SIZE);
            blocks.computeIfAbsent(block, b -> new long[WORDS])[number / Long.SIZE] |= 1L << (number % Long.SIZE);
        }
    }

    boolean isSet(Xid xid) {
        long[] words = blocks.get(BlockId.of(xid));
        int number = (int) (xid.seq() % BlockId.SIZE);
        return words != null && (words[number / Long.SIZE] & 1L << (number % Long.SIZE)) != 0;
    }

    boolean isForgotten(BlockId block) {
        Map.Entry<BlockId, Long> range = forgotten.floorEntry(block);
        return range != null && range.getKey().term() == block.term() && block.number() <= range.getValue();
    }

    /** Forgets a stored block; false if it is not stored. */
    boolean forget(BlockId block) {
        if (blocks.remove(block) == null) {
            return false;
        }
        BlockId first = block;
        long last = block.number();
        Map.Entry<BlockId, Long> below = forgotten.floorEntry(block);
        if (below != null && below.getKey().term() == block.term() && below.getValue() == block.number() - 1) {
            first = below.getKey();
        }
        Long above = forgotten.remove(new BlockId(block.term(), block.number() + 1));
        if (above != null) {
            last = above;
        }
        forgotten.put(first, last);
        return true;
    }

    long memoryBytes() {
        return (long) blocks.size() * BLOCK_BYTES;
    }

    /** The stored blocks, oldest first. */
    List<BlockId> stored() {
        return List.copyOf(blocks.keySet());
    }

    List<OutcomeBlock> blocks() {
        List<OutcomeBlock> image = new ArrayList<>(blocks.size());
        blocks.forEach((block, bits) -> {
            List<Long> words = new ArrayList<>(WORDS);
            for (long word : bits) {
                words.add(word);
            }
            image.add(new OutcomeBlock(block, words));
        });
        return image;
    }

    List<ForgottenRange> forgotten() {
        List<ForgottenRange> image = new ArrayList<>(forgotten.size());
        forgotten.forEach((first, last) -> image.add(new ForgottenRange(first.term(), first.number(), last)));
        return image;
    }

    void restore(List<OutcomeBlock> blockImage, List<ForgottenRange> forgottenImage) {
        blocks.clear();
        forgotten.clear();
        for (OutcomeBlock block : blockImage) {
            long[] words = new long[WORDS];
            for (int i = 0; i < WORDS; i++) {
                words[i] = block.words().get(i);
            }
            blocks.put(block.block(), words);
        }
        for (ForgottenRange range : forgottenImage) {
            forgotten.put(new BlockId(range.term(), range.first()), range.last());
        }
    }
}
