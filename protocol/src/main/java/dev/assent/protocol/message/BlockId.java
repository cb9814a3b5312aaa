package dev.assent.protocol.message;

import dev.assent.protocol.Xid;

/**
 * {@value #SIZE} consecutive numbers of one shard and term, leased as a whole.
 *
 * @param term the term whose leader leases it
 * @param number counts the blocks of the term, from 0
 */
public record BlockId(long term, long number) implements Comparable<BlockId> {
    /** Numbers in a block. */
    public static final int SIZE = 1024;

    /** The block that holds this xid's number. */
    public static BlockId of(Xid xid) {
        return new BlockId(xid.term(), xid.seq() / SIZE);
    }

    /** The first of its {@value #SIZE} numbers. */
    public long firstSeq() {
        return number * SIZE;
    }

    @Override
    public int compareTo(BlockId other) {
        int order = Long.compare(term, other.term);
        return order != 0 ? order : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "block " + term + "/" + number;
    }
}
