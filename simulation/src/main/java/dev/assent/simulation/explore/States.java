package dev.assent.simulation.explore;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Numbers waiting to be read in the order in which they were written, 7 bits a byte, in pieces that are given back once
 * read: the frontier of a walk, a few dozen bytes a state. Not thread-safe.
 */
final class States {
    private static final int PIECE_BYTES = 1 << 20;

    private final Deque<byte[]> pieces = new ArrayDeque<>();
    private byte[] writing = new byte[PIECE_BYTES];
    private byte[] reading = writing;
    private int writeAt;
    private int readAt;

    States() {
        pieces.add(writing);
    }

    void put(int number) {
        int rest = number;
        while ((rest & ~0x7F) != 0) {
            putByte((byte) (rest | 0x80));
            rest >>>= 7;
        }
        putByte((byte) rest);
    }

    private void putByte(byte value) {
        if (writeAt == writing.length) {
            writing = new byte[PIECE_BYTES];
            pieces.add(writing);
            writeAt = 0;
        }
        writing[writeAt++] = value;
    }

    int next() {
        int number = 0;
        for (int shift = 0; ; shift += 7) {
            byte value = nextByte();
            number |= (value & 0x7F) << shift;
            if (value >= 0) {
                return number;
            }
        }
    }

    private byte nextByte() {
        if (readAt == reading.length) {
            pieces.remove();
            reading = pieces.element();
            readAt = 0;
        }
        return reading[readAt++];
    }

    /** Whether everything was read. */
    boolean isEmpty() {
        return reading == writing && readAt == writeAt;
    }
}
