package dev.assent.protocol.message;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import java.util.List;

/** What an initiator or an operator is told. */
public sealed interface Answer {
    /** The transaction is open. */
    record Begun(Xid xid, long timeoutNanos) implements Answer {}

    /**
     * Committed, for certain and for ever.
     *
     * @param unacknowledged branches that have not confirmed their commit yet
     */
    record Committed(List<BranchId> unacknowledged) implements Answer {
        public Committed {
            unacknowledged = List.copyOf(unacknowledged);
        }
    }

    /** Nothing happened and nothing will. */
    record Aborted(AbortCause cause) implements Answer {}

    /** Not decided yet: ask again. */
    record Pending() implements Answer {}

    /** Branches are known to differ, somebody having decided by hand. */
    record Mixed(List<BranchId> branches) implements Answer {
        public Mixed {
            branches = List.copyOf(branches);
        }
    }

    /** An operator gave up branches and nobody has settled what they did. */
    record Hazard(List<BranchId> branches) implements Answer {
        public Hazard {
            branches = List.copyOf(branches);
        }
    }

    /** The outcome is no longer remembered. */
    record OutcomeExpired() implements Answer {}

    /** An operator's wish was carried out. */
    record Done() implements Answer {}

    /**
     * The request was not served.
     *
     * @param reason stable
     * @param leaderTerm the term that this node knows, if {@code NOT_LEADER}; else 0
     * @param detail for people
     */
    record Refused(Reason reason, long leaderTerm, String detail) implements Answer {}

    /** Stable reasons; the wire contract carries them. */
    enum Reason {
        NOT_LEADER,
        FOREIGN,
        WRONG_SHARD,
        INVALID,
        /** Begin of a number that was used before. */
        STALE_BEGIN,
        /** More transactions are open than the shard holds. */
        TOO_MANY_TRANSACTIONS,
        /** The operator's wish does not fit the state of the transaction. */
        NOT_APPLICABLE
    }
}
