package dev.assent.coordinator.replication;

import dev.assent.protocol.coordinator.Input;
import java.util.List;

/** Hears about one shard's log, on Raft's threads and in order; must return at once and never throw. */
public interface LogListener {
    /** This node leads, and everything of earlier terms is applied. */
    void leadershipWon();

    /** This node no longer leads. May be repeated. */
    void leadershipLost();

    /**
     * An entry was applied to the replicated state, on leader and followers alike.
     *
     * @param loop the life of the loop that wrote it
     * @param packNumber its number within that life
     * @param records each with the entry's term and whether it stood
     */
    void applied(long loop, long packNumber, List<Input.Applied> records);

    /** The pack was not and will not be appended: it may be submitted again, under another number. */
    void refused(long loop, long packNumber, String reason);

    /**
     * The log died and cannot be written or applied any more. The node must stop serving.
     *
     * @param cause for people
     */
    void failed(String cause);
}
