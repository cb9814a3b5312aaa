package dev.assent.sdk;

import dev.assent.protocol.AbortCause;
import dev.assent.protocol.BranchId;
import dev.assent.protocol.Xid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transaction aborted: nothing of it happened, and nothing will. Carries the first cause, not the last symptom.
 */
public final class TransactionAbortedException extends AssentException {
    private static final long serialVersionUID = 1L;

    private final Xid xid;
    private final AbortCause abortCause;

    /**
     * @param cause the local exception that led to the abort, if there was one
     */
    public TransactionAbortedException(Xid xid, AbortCause abortCause, @Nullable Throwable cause) {
        super(text(xid, abortCause), cause);
        this.xid = xid;
        this.abortCause = abortCause;
    }

    /** The transaction. */
    public Xid xid() {
        return xid;
    }

    /** Why it aborted; stable, for programs. */
    public AbortCause.Kind reason() {
        return abortCause.kind();
    }

    /** The branch that caused the abort, if one did. */
    public Optional<BranchId> branch() {
        return abortCause.branch();
    }

    /** What happened there, for people: the statement, the call, the error; may be empty. */
    public String detail() {
        return abortCause.detail();
    }

    /**
     * Whether the same work, begun anew as another transaction, may succeed without anybody changing anything: true for
     * lost processes, lost leaders and passed deadlines, false where a participant refused or a call failed.
     */
    public boolean isRetryable() {
        return switch (abortCause.kind()) {
            case TIMEOUT, PREPARE_TIMEOUT, INSTANCE_LOST, BRANCH_MISSING, CALL_UNACCOUNTED, LEADER_CHANGED -> true;
            case ROLLED_BACK, VOTED_NO, CALL_FAILED, NOT_KNOWN -> false;
        };
    }

    private static String text(Xid xid, AbortCause cause) {
        StringBuilder text = new StringBuilder("Transaction ").append(xid).append(" aborted: ");
        text.append(
                switch (cause.kind()) {
                    case ROLLED_BACK -> "its rollback was asked for";
                    case TIMEOUT -> "its timeout passed before the commit was decided";
                    case PREPARE_TIMEOUT -> "a branch did not vote in time";
                    case VOTED_NO -> "a branch voted NO";
                    case INSTANCE_LOST -> "the process that held a branch is gone";
                    case BRANCH_MISSING -> "a branch that took part is not known to the coordinator";
                    case CALL_UNACCOUNTED -> "a branch ran another number of calls than were made";
                    case CALL_FAILED -> "a call failed or was still open";
                    case LEADER_CHANGED -> "the coordinator's leader changed before the commit was decided";
                    case NOT_KNOWN -> "the coordinator remembers no more than that it did not commit";
                });
        cause.branch()
                .ifPresent(branch -> text.append(" (branch ").append(branch).append(')'));
        if (!cause.detail().isEmpty()) {
            text.append(": ").append(cause.detail());
        }
        return text.toString();
    }
}
