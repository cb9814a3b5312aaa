package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.Xid;
import dev.assent.protocol.message.BlockId;
import java.util.Comparator;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Bits and forgotten ranges against two plain sets. */
class OutcomeBlocksTest {
    @Test
    void remembersBitsAndForgetsWholeBlocksLikeTwoSets() {
        for (long seed = 0; seed < 100; seed++) {
            Draw draw = new Draw(seed);
            OutcomeBlocks outcomes = new OutcomeBlocks();
            TreeSet<Xid> bits = new TreeSet<>();
            TreeSet<BlockId> forgotten = new TreeSet<>(Comparator.naturalOrder());
            for (int step = 0; step < 300; step++) {
                Xid xid = Names.xid(1 + draw.below(3), draw.below(8 * BlockId.SIZE));
                BlockId block = BlockId.of(xid);
                if (draw.percent(50)) {
                    outcomes.set(xid);
                    if (!forgotten.contains(block)) {
                        bits.add(xid);
                    }
                } else if (draw.percent(30)) {
                    boolean isStored = bits.removeIf(x -> BlockId.of(x).equals(block));
                    assertThat(outcomes.forget(block)).isEqualTo(isStored);
                    if (isStored) {
                        forgotten.add(block);
                    }
                } else if (draw.percent(20)) {
                    OutcomeBlocks copy = new OutcomeBlocks();
                    copy.restore(outcomes.blocks(), outcomes.forgotten());
                    assertThat(copy.blocks()).isEqualTo(outcomes.blocks());
                    assertThat(copy.forgotten()).isEqualTo(outcomes.forgotten());
                    outcomes = copy;
                }
                assertThat(outcomes.isSet(xid)).isEqualTo(bits.contains(xid));
                assertThat(outcomes.isForgotten(block)).isEqualTo(forgotten.contains(block));
                assertThat(outcomes.stored())
                        .containsExactlyElementsOf(
                                new TreeSet<>(bits.stream().map(BlockId::of).toList()));
            }
            assertThat(outcomes.forgotten())
                    .isSortedAccordingTo(Comparator.comparingLong(StateImage.ForgottenRange::term)
                            .thenComparingLong(StateImage.ForgottenRange::first));
            assertRangesAreMerged(outcomes, forgotten);
        }
    }

    /** A range for each forgotten block would grow without end. */
    private static void assertRangesAreMerged(OutcomeBlocks outcomes, TreeSet<BlockId> forgotten) {
        long starts = forgotten.stream()
                .filter(b -> b.number() == 0 || !forgotten.contains(new BlockId(b.term(), b.number() - 1)))
                .count();
        assertThat(outcomes.forgotten()).hasSize((int) starts);
    }
}
