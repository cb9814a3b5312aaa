package dev.assent.protocol.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.protocol.InstanceId;
import dev.assent.protocol.message.BlockId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Leases against a naive model: a map from number to what is known of it. */
class LeasesTest {
    private static final long TERM = 3;
    private static final long LEASE_NANOS = 1_000;

    private enum Fate {
        UNOPENED,
        OVER
    }

    private record Block(InstanceId owner, long endNanos) {}

    @Test
    void everyNumberIsOpenedAtMostOnceAndNeverAfterItsLease() {
        for (long seed = 0; seed < 100; seed++) {
            Draw draw = new Draw(seed);
            Leases leases = new Leases(TERM, LEASE_NANOS);
            Map<Long, Fate> model = new LinkedHashMap<>();
            Map<Long, Block> blocks = new LinkedHashMap<>();
            TreeSet<Long> own = new TreeSet<>();
            long nowNanos = 0;
            for (int step = 0; step < 400; step++) {
                InstanceId owner = draw.percent(50) ? Names.P1 : Names.Q1;
                long seq = draw.below(6 * BlockId.SIZE);
                switch (draw.below(8)) {
                    case 0 -> {
                        BlockId block = leases.lease(owner, nowNanos);
                        assertThat(blocks).doesNotContainKey(block.number());
                        blocks.put(block.number(), new Block(owner, nowNanos + LEASE_NANOS));
                        for (long n = block.firstSeq(); n < block.firstSeq() + BlockId.SIZE; n++) {
                            assertThat(model.put(n, Fate.UNOPENED))
                                    .as("leased twice")
                                    .isNull();
                        }
                    }
                    case 1 -> {
                        BlockId block = new BlockId(TERM, seq / BlockId.SIZE);
                        leases.returned(owner, block);
                        end(model, blocks, own, block.number(), owner);
                    }
                    case 2 -> {
                        leases.lost(owner);
                        blocks.keySet().forEach(number -> end(model, blocks, own, number, owner));
                    }
                    case 3 -> {
                        nowNanos += draw.below(300);
                        leases.expire(nowNanos);
                        for (Map.Entry<Long, Block> block : blocks.entrySet()) {
                            if (nowNanos >= block.getValue().endNanos()) {
                                end(
                                        model,
                                        blocks,
                                        own,
                                        block.getKey(),
                                        block.getValue().owner());
                            }
                        }
                    }
                    case 4 -> {
                        long opened = leases.openOwn();
                        long block = opened / BlockId.SIZE;
                        if (own.add(block)) {
                            assertThat(blocks).doesNotContainKey(block);
                            for (long n = block * BlockId.SIZE; n < (block + 1) * BlockId.SIZE; n++) {
                                assertThat(model.put(n, Fate.UNOPENED)).isNull();
                            }
                        }
                        assertThat(model.put(opened, Fate.OVER)).isEqualTo(Fate.UNOPENED);
                    }
                    default -> {
                        boolean wasUnopened = model.get(seq) == Fate.UNOPENED;
                        assertThat(leases.isLeased(seq)).isEqualTo(model.containsKey(seq));
                        assertThat(leases.isUnopened(seq)).isEqualTo(wasUnopened);
                        if (draw.percent(70)) {
                            assertThat(leases.open(seq)).isEqualTo(wasUnopened);
                            model.computeIfPresent(seq, (n, fate) -> Fate.OVER);
                        }
                    }
                }
            }
        }
    }

    private static void end(
            Map<Long, Fate> model, Map<Long, Block> blocks, TreeSet<Long> own, long number, InstanceId owner) {
        Block block = blocks.get(number);
        if (block != null && block.owner().equals(owner) && !own.contains(number)) {
            for (long n = number * BlockId.SIZE; n < (number + 1) * BlockId.SIZE; n++) {
                model.put(n, Fate.OVER);
            }
        }
    }

    /** A block whose numbers were all opened needs no memory any more; the next one is another. */
    @Test
    void ownBlockIsFollowedByAnother() {
        Leases leases = new Leases(TERM, LEASE_NANOS);
        for (long n = 0; n < BlockId.SIZE; n++) {
            assertThat(leases.openOwn()).isEqualTo(n);
        }
        assertThat(leases.openBlocks()).isEmpty();
        BlockId other = leases.lease(Names.P1, 0);
        assertThat(leases.openOwn()).isEqualTo(new BlockId(TERM, other.number() + 1).firstSeq());
    }

    @Test
    void blockOfAnotherTermIsNotReturned() {
        Leases leases = new Leases(TERM, LEASE_NANOS);
        BlockId block = leases.lease(Names.P1, 0);
        leases.returned(Names.P1, new BlockId(TERM - 1, block.number()));
        assertThat(leases.isOpen(block)).isTrue();
        assertThat(leases.countOf(Names.P1)).isOne();
    }
}
