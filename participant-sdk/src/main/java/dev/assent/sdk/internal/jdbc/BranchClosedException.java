package dev.assent.sdk.internal.jdbc;

import dev.assent.protocol.branch.BranchRef;
import java.sql.SQLNonTransientException;

/** A connection was used after its branch had voted or ended. */
final class BranchClosedException extends SQLNonTransientException {
    private static final long serialVersionUID = 1L;

    BranchClosedException(BranchRef branch, String state) {
        super("Global transaction " + branch.xid() + ", branch " + branch.branch() + ": " + state
                + "; its connections take no more calls");
    }
}
