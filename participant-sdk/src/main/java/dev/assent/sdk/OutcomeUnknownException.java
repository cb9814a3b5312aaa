package dev.assent.sdk;

import dev.assent.protocol.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The commit was asked for and no answer came in time, or the outcome is no longer remembered. The transaction may have
 * committed: never repeat its work before {@link Assent#outcome} has said that it aborted. The SDK goes on asking in the
 * background, so that the transaction ends whether or not anybody looks.
 */
public final class OutcomeUnknownException extends AssentException {
    private static final long serialVersionUID = 1L;

    private final Xid xid;
    private final boolean expired;

    private OutcomeUnknownException(Xid xid, boolean expired, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.xid = xid;
        this.expired = expired;
    }

    static OutcomeUnknownException unanswered(Xid xid, String why, @Nullable Throwable cause) {
        return new OutcomeUnknownException(
                xid,
                false,
                "The outcome of transaction " + xid + " is not known: " + why + ". Ask again with Assent.outcome(xid).",
                cause);
    }

    static OutcomeUnknownException expired(Xid xid) {
        return new OutcomeUnknownException(
                xid, true, "The outcome of transaction " + xid + " is no longer remembered by the cluster.", null);
    }

    /** The transaction, to ask about. */
    public Xid xid() {
        return xid;
    }

    /** True if asking again is of no use: the cluster has forgotten the outcome. */
    public boolean isExpired() {
        return expired;
    }
}
