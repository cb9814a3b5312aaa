package dev.assent.protocol.coordinator;

/** What a branch was found to have done against the decision. */
public enum HeuristicKind {
    /** Committed by somebody else though the transaction aborted. */
    COMMITTED,
    /** Gone without a trace of its commit though the transaction committed: rolled back by somebody else. */
    ROLLED_BACK
}
