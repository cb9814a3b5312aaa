package dev.assent.simulation;

import dev.assent.protocol.coordinator.LogRecord;
import java.util.List;

/** An entry of a shard's log: a pack of records, in the term in which it entered, wherever it is committed. */
final class LogEntry {
    final long term;
    final long loop;
    final long pack;
    final List<LogRecord> records;
    /** Not committed before, whoever leads meanwhile. */
    long notBeforeNanos;
    /** The leader that appended it has stopped, and its fate was open then. */
    boolean isOrphan;
    /** The term of the leader that committed it; 0 before. */
    long committedInTerm;

    /**
     * @param loop the life of the shell that submitted it; 0 for what Raft itself appends
     * @param pack the submission of that loop
     */
    LogEntry(long term, long loop, long pack, List<LogRecord> records) {
        this.term = term;
        this.loop = loop;
        this.pack = pack;
        this.records = records;
    }

    boolean isCommitted() {
        return committedInTerm > 0;
    }

    boolean hasDecision() {
        return records.stream().anyMatch(LogRecord.CommitDecided.class::isInstance);
    }

    @Override
    public String toString() {
        return "term " + term + " " + records;
    }
}
