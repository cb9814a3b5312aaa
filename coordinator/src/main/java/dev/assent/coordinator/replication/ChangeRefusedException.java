package dev.assent.coordinator.replication;

/** A change of members or of the leadership was not made, or nobody saw its end. Asking again is always safe. */
public final class ChangeRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** This node does not lead the shard, or is not ready. */
        NOT_LEADER,
        /** A node of that id was a member before. */
        ID_SPENT,
        /** A member has one of the addresses, or there are as many members as there may be. */
        CLASH,
        /** The node is no member of the shard. */
        NOT_A_MEMBER,
        /** The node that is to be removed leads the shard. */
        LEADS,
        /** A majority of the new members is not alive: the change would never end, and the shard would stand still. */
        QUORUM_AT_RISK,
        /** Another change has not ended. */
        CHANGE_UNDER_WAY,
        /** It was begun and its end was not seen. */
        NOT_DONE
    }

    private final Reason reason;

    ChangeRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
