package dev.assent.protocol.coordinator;

/** Placeholder of this commit; see the next one. */
public final class ReplicatedState {
    public boolean apply(long entryTerm, LogRecord record) {
        return false;
    }
}
