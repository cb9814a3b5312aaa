package dev.assent.it;

import dev.assent.sdk.Assent;
import java.util.List;

/** Two ledgers and an initiator: all in one Assent process, or in three of them. */
interface Pair extends AutoCloseable {
    Assent initiator();

    Ledger left();

    Ledger right();

    /** Writes the entry in both, within the transaction of this thread. */
    void write(String id) throws Exception;

    /** Moves cents from an account of the left ledger to one of the right, within the transaction of this thread. */
    void move(String id, int account, long cents) throws Exception;

    /** Only reads, in both, within the transaction of this thread. */
    void read() throws Exception;

    default List<Books> books() {
        return List.of(left(), right());
    }

    @Override
    void close();
}
